using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;
using ProfilesModule.Server;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Commands;

/// <summary>
/// Opens the Users page of an embedded engage service in a browser: to search, edit, add and delete profiles, to import CSV files, and to
/// see the requests that clients sent. An import shows what it would change before it changes anything, and provides the mapping and the
/// command line that do the same without the page. If the session is not connected and runs no server, the command starts one in memory,
/// as Start-UserProfileServer does. Nothing of the page is loaded from elsewhere, and only this machine can open it.
/// </summary>
/// <example>
/// <code>Start-UserProfileServer dev.db; Show-UserProfile</code>
/// <para>Shows the profiles of a file.</para>
/// </example>
/// <example>
/// <code>Show-UserProfile -PassThru</code>
/// <para>Writes the address of the page, to open it in a browser of your choice.</para>
/// </example>
/// <seealso cref="StartUserProfileServerCommand"/>
[Cmdlet(VerbsCommon.Show, "UserProfile")]
[OutputType(typeof(Uri))]
public sealed class ShowUserProfileCommand : PSCmdlet
{
    /// <summary>
    /// The server of the session to show, or its address. Default: the server that the session is connected to, or else the one that
    /// was started last.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [EndpointTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ServerEndpointCompleter))]
    public Uri? Endpoint { get; set; }

    /// <summary>
    /// Writes the address of the page instead of opening it. The address of a server with a service account contains a key: do not
    /// share it.
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Opens the page.</summary>
    protected override void ProcessRecord()
    {
        if (Find() is not { } server)
            return;
        if (PassThru)
            WriteObject(server.PageAddress);
        else
            Open(server.PageAddress);
    }

    private UserProfileServer? Find()
    {
        var state = ModuleState.Current;
        var connection = state.Connection;
        var endpoint = Endpoint ?? connection?.Endpoint;
        var server = state.Servers.LastOrDefault(server => endpoint is null || server.Endpoint == endpoint);
        if (server is not null)
            return server;
        if (Endpoint is not null)
            this.WriteError(Failures.ServerNotFound(Endpoint));
        else if (connection is not null)
            this.ThrowTerminatingError(Failures.PageNotAvailable(connection));
        else if (!state.IsDisconnected && Environment.GetEnvironmentVariable("MIXPANEL_TOKEN") is { Length: > 0 })
            this.ThrowTerminatingError(Failures.PageNotAvailable("the project of the MIXPANEL_ environment variables"));
        else
            return Start(state);
        return null;
    }

    private UserProfileServer? Start(ModuleState state)
    {
        try
        {
            var server = new UserProfileServer(new EngageServerOptions(), new MemoryProfileStore(), path: null, new PageMappings());
            state.Add(server);
            state.ConnectUntilStopped(server.Connection);
            return server;
        }
        catch (IOException e)
        {
            this.ThrowTerminatingError(Failures.ServerNotStarted(e, null));
            return null;
        }
    }

    private void Open(Uri address)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true });
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            this.Warn($"No browser could be opened. Open {address} in one.");
        }
    }
}
