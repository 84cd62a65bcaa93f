using ProfilesModule.Page;
using ProfilesModule.Query;
using ProfilesModule.Server;
using ProfilesModule.Server.Storage;

namespace ProfilesModule;

/// <summary>An embedded engage service in this process, started by <c>Start-UserProfileServer</c>.</summary>
public sealed class UserProfileServer : IDisposable
{
    private readonly EngageServer _server;
    private UsersPage? _page;

    /// <summary>Starts a server with its page.</summary>
    internal UserProfileServer(EngageServerOptions options, IProfileStore store, string? path, IPageMappings mappings)
    {
        Path = path;
        var token = options.Token ?? "embedded";
        var account = options.ServiceAccount is var (userName, secret) ? new ServiceAccount(userName, secret) : null;
        var updates = new PageUpdates(() => Connection!.Transport(TimeProvider.System, forGroups: false), token);
        _server = EngageServer.Start(
            options with { Routes = [server => _page = new(server, store, updates, mappings, needsKey: account is not null)] }, store);
        try
        {
            Connection = new ConnectionSettings(token) { Endpoint = Endpoint, Account = account }.Connect();
        }
        catch
        {
            _server.Dispose();
            throw;
        }
    }

    /// <summary>The connection to the server.</summary>
    internal UserProfileConnection Connection { get; }

    /// <summary>The address that opens the page.</summary>
    internal Uri PageAddress => _page!.Address;

    /// <summary>The address of the server, for <c>Connect-UserProfileService -Endpoint</c>.</summary>
    public Uri Endpoint => _server.Endpoint;

    /// <summary>The file that stores the profiles; null if they are in memory and are lost when the server stops.</summary>
    public string? Path { get; }

    /// <summary>Whether the server is running.</summary>
    public bool IsRunning => _server.IsRunning;

    /// <summary>When the server was started.</summary>
    public DateTimeOffset StartTime => _server.StartTime;

    /// <summary>The number of requests that the server has answered.</summary>
    public long RequestCount => _server.RequestCount;

    /// <summary>The number of updates that the server has applied.</summary>
    public long UpdateCount => _server.UpdateCount;

    /// <summary>The number of profiles; null after the server was stopped.</summary>
    public long? ProfileCount => IsRunning ? _server.ProfileCount : null;

    /// <summary>The data group id of a group key, for Get-GroupProfile; null if the server does not have the group key.</summary>
    /// <param name="groupKey">The group key, such as company.</param>
    public string? FindDataGroupId(string groupKey) => _server.FindDataGroupId(groupKey);

    /// <summary>The address of the server.</summary>
    public override string ToString() => Endpoint.ToString();

    /// <summary>Stops the server.</summary>
    public void Dispose() => _server.Dispose();
}
