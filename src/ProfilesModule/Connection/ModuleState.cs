using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace ProfilesModule;

/// <summary>What the module keeps for one runspace: its default connection and the servers it started. Runspaces that run in parallel share neither.</summary>
internal sealed class ModuleState
{
    private static readonly ConditionalWeakTable<Runspace, ModuleState> States = [];

    private readonly List<UserProfileServer> _servers = [];

    private ModuleState(Runspace runspace) => runspace.StateChanged += (_, change) =>
    {
        if (change.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken)
            Release();
    };

    public static ModuleState Current => States.GetValue(Runspace.DefaultRunspace, runspace => new(runspace));

    public UserProfileConnection? Connection { get; set; }

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

    /// <summary>Stops a server. A connection to it goes with it.</summary>
    public void Stop(UserProfileServer server)
    {
        lock (_servers)
            _servers.Remove(server);
        if (Connection?.Endpoint == server.Endpoint)
            Connection = null;
        server.Dispose();
    }

    /// <summary>Lets everything go, when the module is removed or its runspace closes.</summary>
    public void Release()
    {
        foreach (var server in Servers)
            Stop(server);
        Connection = null;
    }
}
