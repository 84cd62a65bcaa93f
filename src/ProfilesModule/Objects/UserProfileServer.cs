using ProfilesModule.Page;
using ProfilesModule.Query;
using ProfilesModule.Server;
using ProfilesModule.Server.Storage;
using ProfilesModule.Wire;

namespace ProfilesModule;

/// <summary>
/// An embedded engage service in this process, started by <c>Start-UserProfileServer</c>, or the server of the page of a project, started
/// by <c>Show-UserProfile</c>.
/// </summary>
public sealed class UserProfileServer : IDisposable
{
    private readonly EngageServer _server;
    private UsersPage? _page;

    /// <summary>Starts a server with its page.</summary>
    internal UserProfileServer(EngageServerOptions options, IProfileStore store, string? path, IPageMappings mappings)
        : this(options, store, mappings, project: null) => Path = path;

    private UserProfileServer(EngageServerOptions options, IProfileStore store, IPageMappings mappings, UserProfileConnection? project)
    {
        Project = project;
        var token = options.Token ?? "embedded";
        var account = options.ServiceAccount is var (userName, secret) ? new ServiceAccount(userName, secret) : null;
        _server = EngageServer.Start(options with { Routes = [server => _page = Page(server)] }, store);
        try
        {
            Connection = new ConnectionSettings(token) { Endpoint = Endpoint, Account = account }.Connect();
        }
        catch
        {
            _server.Dispose();
            throw;
        }

        UsersPage Page(EngageServer server)
        {
            var snapshot = project is null ? null : new ProjectSnapshot(PageProject(project), server, store, TimeProvider.System);
            Func<IEngageTransport> transport =
                snapshot is null ? () => Connection!.Transport(TimeProvider.System, forGroups: false) : snapshot.Transport;
            var updates = new PageUpdates(project?.Endpoint ?? server.Endpoint, transport, project?.SecretToken ?? token);
            return new(server, store, updates, mappings, needsKey: account is not null || project is not null, snapshot);
        }
    }

    /// <summary>Starts a server for the page of a project of another service, which is all that it serves.</summary>
    internal static UserProfileServer ForProject(UserProfileConnection project, IPageMappings mappings) =>
        new(new() { HasService = false }, new MemoryProfileStore(), mappings, project);

    /// <summary>The connection to the project that the page shows; null if it shows the profiles of the server.</summary>
    internal UserProfileConnection? Project { get; }

    /// <summary>Whether the page shows what a connection leads to.</summary>
    internal bool IsPageOf(UserProfileConnection connection) =>
        Project is null ? Endpoint == connection.Endpoint : Project.HasSameSettings(connection);

    /// <summary>The connection to the server.</summary>
    internal UserProfileConnection Connection { get; }

    /// <summary>An address that opens the page. If it contains a key, it does so once.</summary>
    internal Uri NewPageAddress() => _page!.NewAddress();

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

    // One attempt is one query, so that somebody decides about each.
    private static PageProject PageProject(UserProfileConnection project) => new(
        project.ProjectId ?? project.Endpoint.Authority,
        project.Endpoint,
        project.QueryEndpoint,
        () => project.Transport(TimeProvider.System, forGroups: false),
        project.Query(TimeProvider.System, maximumRetryCount: 0, TimeSpan.Zero, _ => { }),
        project.Allowance);
}
