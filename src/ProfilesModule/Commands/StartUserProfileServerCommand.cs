using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using ProfilesModule.Isolation;
using ProfilesModule.Query;
using ProfilesModule.Rules;
using ProfilesModule.Server;
using ProfilesModule.Server.Faults;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Commands;

/// <summary>
/// Starts an embedded engage service in this process and connects the session to it, so that you can try and test everything
/// without the real service. It is reachable only from this machine. Its address also shows the Users page in a browser; see
/// Show-UserProfile. It runs until you run Stop-UserProfileServer, remove the module or end the session. Stop-UserProfileServer
/// restores the connection that the session had before.
/// </summary>
/// <example>
/// <code>Start-UserProfileServer; Import-UserProfileCsv users.csv; Get-UserProfile</code>
/// <para>Imports a file into a service in memory and reads it back.</para>
/// </example>
/// <example>
/// <code>Start-UserProfileServer -Path dev.db -Port 8080 -SkipConnect</code>
/// <para>Starts a service that keeps its profiles in a file, and does not change the connection of the session.</para>
/// </example>
/// <example>
/// <code>Start-UserProfileServer -Fault @{ Kind = 'Status'; Every = 3; Status = 429; RetryAfter = 2 }</code>
/// <para>Starts a service that asks the client to wait at every third request, to test that a script does so.</para>
/// </example>
/// <seealso cref="ConnectUserProfileServiceCommand"/>
/// <seealso cref="ShowUserProfileCommand"/>
[Cmdlet(VerbsLifecycle.Start, "UserProfileServer", SupportsShouldProcess = true)]
[OutputType(typeof(UserProfileServer))]
public sealed class StartUserProfileServerCommand : PSCmdlet
{
    /// <summary>
    /// The SQLite file that stores the profiles; created if it does not exist. Default: profiles are kept in memory and are lost
    /// when the server stops.
    /// </summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The port to listen on, 1 to 65535. Default: any free port.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    /// <summary>
    /// The only token that the server accepts. As in the real service, updates with another token get the same reply, but are
    /// discarded. Default: every token is accepted.
    /// </summary>
    [Parameter]
    [Binding.SecretTransformation]
    [ValidateNotNull]
    public System.Security.SecureString? Token { get; set; }

    /// <summary>
    /// The service account that queries must use, as with the real service; others get the reply 401. The connection of the session
    /// uses it. Default: queries do not need a service account. Updates never need one.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [Credential]
    public PSCredential? ServiceAccount { get; set; }

    /// <summary>
    /// The group keys that the server has, each with the data group id to read its profiles with. As in the real service, updates
    /// for other keys get the same reply, but are discarded. Default: every key exists, and has its own id.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? GroupType { get; set; }

    /// <summary>Cohorts by id, each as the expression that is true for its members, such as @{ 7 = 'properties["plan"] == "pro"' }.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Cohort { get; set; }

    /// <summary>Aliases of users, each with the distinct id that it refers to.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Alias { get; set; }

    /// <summary>
    /// The number of seconds that queries lag behind updates, 0 to 86400. Those of the real service lag by up to half a minute.
    /// Default 0.
    /// </summary>
    [Parameter]
    [ValidateRange(0d, 86400d)]
    public double ReadDelaySec { get; set; }

    /// <summary>
    /// The origins of pages that may send updates from a browser, such as http://localhost:3000 for a page under test. They cannot
    /// read profiles. Default: pages of other sites can neither send updates nor read profiles.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? AllowOrigin { get; set; }

    /// <summary>
    /// Faults to produce, to test that a script handles them, such as @{ Kind = 'Status'; Every = 3; Status = 429; RetryAfter = 2 }.
    /// The kinds are Status, StatusZero, ResetBefore, ResetAfter, Delay, TruncatedReply and HtmlReply. Every or First specifies which
    /// requests fail; MaxUpdates or MaxRequests instead limits what succeeds in a rolling Window (a minute), as in
    /// @{ Kind = 'Status'; Status = 429; MaxUpdates = 5000 }. Endpoint selects requests that send updates (Ingestion) or read profiles
    /// (Query). Numbers for Delay, RetryAfter and Window are seconds. Default: no faults.
    /// </summary>
    [Parameter]
    [Binding.FaultTransformation]
    [ValidateNotNull]
    public ServerFault[]? Fault { get; set; }

    /// <summary>Does not change the connection of the session.</summary>
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
                this.ThrowTerminatingError(Failures.NotAFile(Path));
        }

        if (!ShouldProcess(path ?? "profiles in memory", "Start an engage service"))
            return;
        var server = Start(path);
        ModuleState.Current.Add(server);
        if (!SkipConnect)
            ModuleState.Current.ConnectUntilStopped(server.Connection);
        WriteObject(server);
    }

    private EngageServerOptions Options(ServiceAccount? account) => new()
    {
        Port = Port,
        Token = Token is null ? null : ConnectionSettings.PlainText(Token),
        GroupTypes = Texts(GroupType),
        Cohorts = Cohort?.Cast<DictionaryEntry>().ToDictionary(c => CohortId(c.Key), c => Text(c.Value)) ?? [],
        Aliases = Texts(Alias) ?? [],
        ServiceAccount = account is null ? null : (account.UserName, account.Secret),
        ReadDelay = TimeSpan.FromSeconds(ReadDelaySec),
        AllowedOrigins = AllowOrigin ?? [],
        Faults = Fault ?? [],
    };

    private static Dictionary<string, string>? Texts(IDictionary? entries) =>
        entries?.Cast<DictionaryEntry>().ToDictionary(e => Text(e.Key), e => Text(e.Value), StringComparer.Ordinal);

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static long CohortId(object key) =>
        long.TryParse(Text(key), CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new FormatException($"The id '{key}' of a cohort is not a whole number.");

    private UserProfileServer Start(string? path)
    {
        try
        {
            var options = Options(ConnectionSettings.AccountOf(ServiceAccount));
            var store = path is null ? new MemoryProfileStore() : Dependencies.OpenSqliteStore(path);
            return new(options, store, path, new PageMappings());
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            this.ThrowTerminatingError(Failures.InvalidServerOption(e));
            throw;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or HttpListenerException or UnauthorizedAccessException)
        {
            this.ThrowTerminatingError(Failures.ServerNotStarted(e, path is null ? Port : path));
            throw;
        }
    }
}
