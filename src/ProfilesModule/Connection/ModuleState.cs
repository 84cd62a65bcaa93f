using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace ProfilesModule;

/// <summary>What the module keeps for one runspace: its default connection and the servers it started. Runspaces that run in parallel share neither.</summary>
internal sealed class ModuleState
{
    private static readonly ConditionalWeakTable<Runspace, ModuleState> States = [];

    private readonly List<UserProfileServer> _servers = [];

    // The last is the session's; those before it are what servers replaced, to come back when they end.
    private readonly List<UserProfileConnection> _connections = [];

    private ModuleState(Runspace runspace) => runspace.StateChanged += (_, change) =>
    {
        if (change.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken)
            Release();
    };

    public static ModuleState Current => States.GetValue(Runspace.DefaultRunspace, runspace => new(runspace));

    /// <summary>The connection of the session; null when there is none.</summary>
    public UserProfileConnection? Connection => _connections.LastOrDefault();

    /// <summary>
    /// Whether the session lost its connection on purpose. What follows was not meant for the project that the environment
    /// variables name.
    /// </summary>
    public bool IsDisconnected { get; private set; }

    public IReadOnlyList<UserProfileServer> Servers
    {
        get
        {
            lock (_servers)
                return [.. _servers];
        }
    }

    public void Add(UserProfileServer server)
    {
        lock (_servers)
            _servers.Add(server);
    }

    /// <summary>Connects the session.</summary>
    public void Connect(UserProfileConnection connection)
    {
        _connections.Clear();
        _connections.Add(connection);
        IsDisconnected = false;
    }

    /// <summary>Connects the session to a server of its own, until that ends.</summary>
    public void ConnectUntilStopped(UserProfileConnection connection)
    {
        _connections.Add(connection);
        IsDisconnected = false;
    }

    /// <summary>Forgets the connection.</summary>
    // Only forgotten, not closed: the user may hold it still, from -PassThru.
    public void Disconnect()
    {
        _connections.Clear();
        IsDisconnected = true;
    }

    /// <summary>Stops a server. A connection to it goes with it, and the one that it replaced is back.</summary>
    public void Stop(UserProfileServer server)
    {
        lock (_servers)
            _servers.Remove(server);
        if (_connections.RemoveAll(c => c.Endpoint == server.Endpoint) > 0 && _connections.Count == 0)
            IsDisconnected = true;
        server.Dispose();
    }

    /// <summary>Lets everything go, when the module is removed or its runspace closes.</summary>
    public void Release()
    {
        foreach (var server in Servers)
            Stop(server);
        _connections.Clear();
        IsDisconnected = false;
    }
}
