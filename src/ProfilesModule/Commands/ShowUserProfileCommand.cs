using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Commands;

/// <summary>
/// Opens the Users page in a browser: to search, edit, add and delete profiles, and to import CSV files. An import shows what it would
/// change before it changes anything, and provides the mapping and the command line that do the same without the page. Of an embedded
/// engage service, the page also shows the requests that clients sent. If the session is not connected and runs no server, the command
/// starts one in memory, as Start-UserProfileServer does. If the session is connected to a project of the real service, the command starts
/// a server for its page. The page then shows the profiles that you read: a project has 60 queries an hour, so searching, sorting and
/// paging send none. Each button that reads sends one, and so does adding a profile; the page says how many are left and how old the
/// profiles are. Before the page changes anything, it asks you to type the id of the project. Disconnect-UserProfileService closes the page.
/// Nothing of the page is loaded from elsewhere, and only this machine can
/// open it.
/// </summary>
/// <example>
/// <code>Start-UserProfileServer dev.db; Show-UserProfile</code>
/// <para>Shows the profiles of a file.</para>
/// </example>
/// <example>
/// <code>Show-UserProfile -PassThru</code>
/// <para>Writes the address of the page, to open it in a browser of your choice.</para>
/// </example>
/// <example>
/// <code>Connect-UserProfileService -Token $token -ProjectId 12345 -ServiceAccount $account; Show-UserProfile</code>
/// <para>Shows profiles of a project.</para>
/// </example>
/// <seealso cref="StartUserProfileServerCommand"/>
[Cmdlet(VerbsCommon.Show, "UserProfile")]
[OutputType(typeof(Uri))]
public sealed class ShowUserProfileCommand : PSCmdlet
{
    /// <summary>
    /// The server of the session to show, or its address. Default: what the session is connected to, or else the server that was started
    /// last.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [EndpointTransformation]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ServerEndpointCompleter))]
    public Uri? Endpoint { get; set; }

    /// <summary>
    /// Writes the address of the page instead of opening it. The address of a project of the real service, or of a server with a service
    /// account, contains a key, which opens the page once.
    /// </summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Opens the page.</summary>
    protected override void ProcessRecord()
    {
        if (Find() is not { } server)
            return;
        var address = server.NewPageAddress();
        if (PassThru)
            WriteObject(address);
        else
            Open(address);
    }

    private UserProfileServer? Find()
    {
        var state = ModuleState.Current;
        if (Endpoint is null)
            return Connection(state) is { } connection ? Find(state, connection) : state.Servers.LastOrDefault(IsEmbedded) ?? Start(state);
        var server = state.Servers.LastOrDefault(server => server.Endpoint == Endpoint);
        if (server is null)
            this.WriteError(Failures.ServerNotFound(Endpoint));
        return server;
    }

    private UserProfileServer Find(ModuleState state, UserProfileConnection connection)
    {
        var server = state.Servers.LastOrDefault(server => server.IsPageOf(connection));
        if (server is not null)
            return server;
        if (!connection.CanQuery)
            this.ThrowTerminatingError(Failures.QueryNotConfigured(connection));
        return Start(state, () => UserProfileServer.ForProject(connection, new PageMappings()));
    }

    private UserProfileServer Start(ModuleState state)
    {
        var server = Start(state, () => new(new(), new MemoryProfileStore(), path: null, new PageMappings()));
        state.ConnectUntilStopped(server.Connection);
        return server;
    }

    private UserProfileServer Start(ModuleState state, Func<UserProfileServer> start)
    {
        try
        {
            var server = start();
            state.Add(server);
            return server;
        }
        catch (IOException e)
        {
            this.ThrowTerminatingError(Failures.ServerNotStarted(e, null));
            throw;
        }
    }

    private static bool IsEmbedded(UserProfileServer server) => server.Project is null;

    private UserProfileConnection? Connection(ModuleState state)
    {
        if (state.Connection is not null || state.IsDisconnected)
            return state.Connection;
        try
        {
            return ConnectionSettings.ConnectByEnvironment();
        }
        catch (ArgumentException e)
        {
            this.ThrowTerminatingError(Failures.InvalidConnection(e));
            throw;
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
