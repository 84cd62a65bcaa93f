using ProfilesModule.Server;

namespace ProfilesModule;

/// <summary>An embedded engage service that runs in this process, started by <c>Start-UserProfileServer</c>.</summary>
public sealed class UserProfileServer : IDisposable
{
    private readonly EngageServer _server;

    internal UserProfileServer(EngageServer server, string? path)
    {
        _server = server;
        Path = path;
    }

    /// <summary>Its address, for <c>Connect-UserProfileService -Endpoint</c>.</summary>
    public Uri Endpoint => _server.Endpoint;

    /// <summary>The file that holds its profiles; null when they are in memory and go with the server.</summary>
    public string? Path { get; }

    /// <summary>Whether it still answers.</summary>
    public bool IsRunning => _server.IsRunning;

    /// <summary>When it was started.</summary>
    public DateTimeOffset StartTime => _server.StartTime;

    /// <summary>How many requests it has answered.</summary>
    public long RequestCount => _server.RequestCount;

    /// <summary>How many updates it has applied.</summary>
    public long UpdateCount => _server.UpdateCount;

    /// <summary>How many profiles it holds; null once it was stopped.</summary>
    public long? ProfileCount => IsRunning ? _server.ProfileCount : null;

    /// <summary>The data group id that profiles of a kind of group are read with; null when the server does not know the kind.</summary>
    /// <param name="groupKey">The kind of group, such as company.</param>
    public string? FindDataGroupId(string groupKey) => _server.FindDataGroupId(groupKey);

    /// <summary>The address.</summary>
    public override string ToString() => Endpoint.ToString();

    /// <summary>Stops it.</summary>
    public void Dispose() => _server.Dispose();
}
