using System.Management.Automation;
using System.Net;
using ProfilesModule.Isolation;
using ProfilesModule.Server;

namespace ProfilesModule.Commands;

/// <summary>
/// Starts an embedded engage service in this process, reachable from this machine only, to try and test everything without
/// the real one, and connects the session to it. It ends with Stop-UserProfileServer, with the module, or with the session.
/// </summary>
/// <example>
/// <code>Start-UserProfileServer; Import-UserProfileCsv users.csv; Get-UserProfile</code>
/// <para>Imports a file into a service in memory and reads it back.</para>
/// </example>
/// <example>
/// <code>Start-UserProfileServer -Path dev.db -Port 8080 -SkipConnect</code>
/// <para>Starts a service that keeps its profiles in a file, and leaves the session's connection as it is.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Start, "UserProfileServer", SupportsShouldProcess = true)]
[OutputType(typeof(UserProfileServer))]
public sealed class StartUserProfileServerCommand : PSCmdlet
{
    /// <summary>The SQLite file that holds the profiles; created if it does not exist. Default: profiles are kept in memory and go with the server.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The port to listen on, 1 to 65535. Default: any that is free.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    /// <summary>The only token that the server takes; updates with another are answered like any other and stored nowhere, as the real service does. Default: every token is taken.</summary>
    [Parameter]
    [Binding.SecretTransformation]
    [ValidateNotNull]
    public System.Security.SecureString? Token { get; set; }

    /// <summary>Leaves the connection of the session as it is.</summary>
    [Parameter]
    public SwitchParameter SkipConnect { get; set; }

    /// <summary>Starts the server.</summary>
    protected override void EndProcessing()
    {
        string? path = null;
        if (Path is not null)
        {
            path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path, out var provider, out _);
            if (provider.Name != "FileSystem")
                ThrowTerminatingError(Errors.NotAFile(Path));
        }

        if (!ShouldProcess(path ?? "profiles in memory", "Start an engage service"))
            return;
        var token = Token is null ? null : ConnectionSettings.PlainText(Token);
        var server = Start(path, token);
        ModuleState.Current.Add(server);
        if (!SkipConnect)
            ModuleState.Current.Connection = new ConnectionSettings(token ?? "embedded") { Endpoint = server.Endpoint }.Connect();
        WriteObject(server);
    }

    private UserProfileServer Start(string? path, string? token)
    {
        try
        {
            var store = path is null ? new MemoryProfileStore() : Dependencies.OpenSqliteStore(path);
            return new(EngageServer.Start(new() { Port = Port, Token = token }, store), path);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException or HttpListenerException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(Errors.ServerNotStarted(e, path is null ? Port : path));
            throw;
        }
    }
}
