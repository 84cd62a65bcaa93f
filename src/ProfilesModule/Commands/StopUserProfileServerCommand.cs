using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Rules;

namespace ProfilesModule.Commands;

/// <summary>
/// Stops embedded engage services of this session: all of them, or some. If the session is connected to a server that is
/// stopped, its previous connection is restored. If it had none, the session is disconnected, and the MIXPANEL_ environment
/// variables are not used until you run Connect-UserProfileService.
/// </summary>
/// <example>
/// <code>Stop-UserProfileServer</code>
/// <para>Stops all servers of the session.</para>
/// </example>
/// <example>
/// <code>$server | Stop-UserProfileServer</code>
/// <para>Stops a server that Start-UserProfileServer returned.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Stop, "UserProfileServer", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopUserProfileServerCommand : PSCmdlet
{
    /// <summary>The servers to stop, or their addresses. Default: all servers of the session.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [EndpointTransformation(TakesSeveral = true)]
    [ArgumentCompleter(typeof(ServerEndpointCompleter))]
    public Uri[]? Endpoint { get; set; }

    /// <summary>Stops the servers.</summary>
    protected override void ProcessRecord()
    {
        if (Endpoint is null)
        {
            foreach (var server in ModuleState.Current.Servers)
                Stop(server);
            return;
        }

        foreach (var endpoint in Endpoint)
        {
            if (ModuleState.Current.Servers.FirstOrDefault(s => s.Endpoint == endpoint) is { } server)
                Stop(server);
            else
                this.WriteError(Failures.ServerNotFound(endpoint));
        }
    }

    private void Stop(UserProfileServer server)
    {
        if (ShouldProcess(server.ToString(), "Stop the engage service"))
            ModuleState.Current.Stop(server);
    }
}
