using System.Management.Automation;

namespace ProfilesModule.Commands;

/// <summary>Stops embedded engage services of this session: all of them, or some. A connection to one ends with it.</summary>
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
    /// <summary>The address of the server to stop; servers can be piped. Default: every server of the session.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
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
                WriteError(Errors.ServerNotFound(endpoint));
        }
    }

    private void Stop(UserProfileServer server)
    {
        if (ShouldProcess(server.ToString(), "Stop the engage service"))
            ModuleState.Current.Stop(server);
    }
}
