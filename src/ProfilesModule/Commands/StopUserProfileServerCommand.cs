using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Rules;

namespace ProfilesModule.Commands;

/// <summary>
/// Stops embedded engage services of this session: all of them, or some. A connection to one ends with it. The connection that
/// the server replaced when it was started is back then; where there was none, the session is disconnected, and the MIXPANEL_
/// environment variables are not used until Connect-UserProfileService is run.
/// </summary>
/// <example>
/// <code>Stop-UserProfileServer</code>
/// <para>Stops every server of the session.</para>
/// </example>
/// <example>
/// <code>$server | Stop-UserProfileServer</code>
/// <para>Stops the server that Start-UserProfileServer wrote.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Stop, "UserProfileServer", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class StopUserProfileServerCommand : PSCmdlet
{
    /// <summary>The servers to stop, or their addresses; servers can be piped. Default: every server of the session.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [EndpointTransformation(TakesSeveral = true)]
    [ArgumentCompleter(typeof(ServerEndpointCompleter))]
    public Uri[]? Endpoint { get; set; }

    /// <summary>Stops them.</summary>
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
