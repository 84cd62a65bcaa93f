using System.Collections.Immutable;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace ProfilesModule;

/// <summary>
/// The state of the module in one runspace: the connection of the session and its servers. Parallel runspaces share neither.
/// </summary>
internal sealed class ModuleState
{
    private static readonly ConditionalWeakTable<Runspace, ModuleState> States = [];

    private ImmutableList<UserProfileServer> _servers = [];

    // The last one is the session's. A server replaced those before it; they return when it stops.
    private readonly List<UserProfileConnection> _connections = [];

    private ModuleState(Runspace runspace) => runspace.StateChanged += (_, change) =>
    {
        if (change.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken)
            Release();
    };

    public static ModuleState Current => States.GetValue(Runspace.DefaultRunspace, runspace => new(runspace));

    /// <summary>The connection of the session; null if there is none.</summary>
    public UserProfileConnection? Connection => _connections.LastOrDefault();

    /// <summary>
    /// Whether the session was disconnected on purpose. Later commands are then not meant for the project of the environment
    /// variables.
    /// </summary>
    public bool IsDisconnected { get; private set; }

    public IReadOnlyList<UserProfileServer> Servers => _servers;

    public void Add(UserProfileServer server) => ImmutableInterlocked.Update(ref _servers, servers => servers.Add(server));

    /// <summary>Connects the session.</summary>
    public void Connect(UserProfileConnection connection)
    {
        _connections.Clear();
        ConnectUntilStopped(connection);
    }

    /// <summary>Connects the session to an embedded server until the server stops.</summary>
    public void ConnectUntilStopped(UserProfileConnection connection)
    {
        _connections.Add(connection);
        IsDisconnected = false;
    }

    /// <summary>
    /// Removes the connection from the session, and closes the pages of projects. The connection is not disposed of, because the user may
    /// still hold it from -PassThru.
    /// </summary>
    public void Disconnect()
    {
        foreach (var server in Servers.Where(server => server.Project is not null))
            Stop(server);
        _connections.Clear();
        IsDisconnected = true;
    }

    /// <summary>Stops a server, and removes connections to it; the session returns to the connection before.</summary>
    public void Stop(UserProfileServer server)
    {
        ImmutableInterlocked.Update(ref _servers, servers => servers.Remove(server));
        if (_connections.RemoveAll(c => c.Endpoint == server.Endpoint) > 0 && _connections.Count == 0)
            IsDisconnected = true;
        server.Dispose();
    }

    /// <summary>Stops all servers and forgets the connection, when the module is removed or its runspace closes.</summary>
    public void Release()
    {
        foreach (var server in Servers)
            Stop(server);
        _connections.Clear();
        IsDisconnected = false;
    }
}

/// <summary>Stops the servers of a runspace when the module is removed from it.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <summary>Called by PowerShell when the module is removed.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo) => ModuleState.Current.Release();
}
