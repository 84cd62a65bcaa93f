using System.Management.Automation;
using System.Net;
using System.Security;
using ProfilesModule.Binding;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;

namespace ProfilesModule.Commands;

/// <summary>
/// Connects the session to a project of the service. For parameters that you leave out, the command uses the environment variables
/// MIXPANEL_TOKEN, MIXPANEL_PROJECT_ID, MIXPANEL_REGION, MIXPANEL_ENDPOINT, MIXPANEL_SERVICE_ACCOUNT and MIXPANEL_SECRET.
/// Nothing is sent, because the service does not tell whether a token is valid. To test the connection, use
/// Test-UserProfileConnection.
/// </summary>
/// <example>
/// <code>Connect-UserProfileService -Token (Get-Secret mixpanel) -Region EU -ServiceAccount $credential -ProjectId 123</code>
/// <para>Connects to a project in the European Union, for updates and queries.</para>
/// </example>
/// <example>
/// <code>Start-UserProfileServer -SkipConnect | Connect-UserProfileService -Token dev</code>
/// <para>Connects to an embedded service.</para>
/// </example>
/// <example>
/// <code>Connect-UserProfileService -Token $token -Proxy http://proxy.example.com:8080 -ProxyCredential $credential</code>
/// <para>Connects through a proxy that requires authentication.</para>
/// </example>
/// <example>
/// <code>$other = Connect-UserProfileService -Token $token -Region US -PassThru; Set-UserProfile 123 -Property @{ plan = 'pro' } -Connection $other</code>
/// <para>Saves a connection to a variable, to choose the project for each command.</para>
/// </example>
/// <seealso cref="GetUserProfileConnectionCommand"/>
/// <seealso cref="StartUserProfileServerCommand"/>
[Cmdlet(VerbsCommunications.Connect, "UserProfileService", DefaultParameterSetName = RegionSet)]
[OutputType(typeof(UserProfileConnection))]
public sealed class ConnectUserProfileServiceCommand : PSCmdlet
{
    private const string RegionSet = "Region";
    private const string EndpointSet = "Endpoint";

    // The longest wait of a .NET timer.
    private const int MaximumSeconds = int.MaxValue / 1000;

    /// <summary>The token of the project, as text or as a SecureString. It is never shown.</summary>
    [Parameter(Position = 0)]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? Token { get; set; }

    /// <summary>
    /// The region of the project: US, EU or IN, a name (Europe, India), or an address of the service in the region
    /// (eu.mixpanel.com). Default US. The service accepts updates in the wrong region, and discards them without an error.
    /// </summary>
    // Text, because PowerShell would complete an enum itself, without explaining its values.
    [Parameter(ParameterSetName = RegionSet)]
    [RegionTransformation]
    [ArgumentCompleter(typeof(RegionCompleter))]
    [ValidateNotNull]
    public string? Region { get; set; }

    /// <summary>
    /// The address of another engage service, such as the one that Start-UserProfileServer starts, or an object with an Endpoint
    /// property. For a host without a scheme, such as 127.0.0.1:5000, the command uses http on this machine and https elsewhere. http
    /// is allowed only on this machine. An address of the service itself selects its region.
    /// </summary>
    [Parameter(ParameterSetName = EndpointSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [EndpointTransformation]
    [ValidateNotNull]
    public Uri Endpoint { get; set; } = null!;

    /// <summary>The user name and secret of a service account of the project. Required to read profiles; not used for updates.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ServiceAccount { get; set; }

    /// <summary>The id of the project. Required to read profiles.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProjectId { get; set; }

    /// <summary>
    /// The address of a proxy. Default: the system's proxy (outside Windows, from the variables HTTPS_PROXY and NO_PROXY), and no proxy
    /// for a service on this machine. A proxy on another machine is refused if the service is on this machine and uses http.
    /// </summary>
    [Parameter]
    [AddressTransformation]
    [ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>The user name and password for the proxy. Requires -Proxy. They are never shown.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Authenticates to the proxy as the current user. Requires -Proxy, and cannot be used with -ProxyCredential.</summary>
    [Parameter]
    public SwitchParameter ProxyUseDefaultCredentials { get; set; }

    /// <summary>Does not use a proxy, not even the system's.</summary>
    [Parameter]
    public SwitchParameter NoProxy { get; set; }

    /// <summary>
    /// The time-out in seconds for each attempt to connect, including name resolution and TLS. 0 means no limit. Default 15.
    /// </summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(0, MaximumSeconds)]
    public int ConnectionTimeoutSeconds { get; set; } = 15;

    /// <summary>
    /// The time-out in seconds for each attempt, from its start to the last byte of the reply. 0 means no limit. Default 100 for
    /// updates, and 600 for queries, which the service itself ends after about eight minutes. An attempt that times out is retried.
    /// </summary>
    [Parameter]
    [ValidateRange(0, MaximumSeconds)]
    public int OperationTimeoutSeconds { get; set; }

    /// <summary>Writes the connection, for the Connection parameter of other commands.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Connects the session.</summary>
    protected override void ProcessRecord()
    {
        try
        {
            var settings = new ConnectionSettings(Token is null ? null : ConnectionSettings.PlainText(Token))
            {
                Region = Region is null ? null : RegionNames.Find(Region),
                Endpoint = ParameterSetName == EndpointSet ? Endpoint : null,
                ProjectId = ProjectId,
                Account = ConnectionSettings.AccountOf(ServiceAccount),
                Network = Network(),
            };
            var connection = settings.OrEnvironment().Connect();
            ModuleState.Current.Connect(connection);
            this.WriteDetail($"Connected to {connection}.");
            if (PassThru)
                WriteObject(connection);
        }
        catch (ArgumentException e)
        {
            this.ThrowTerminatingError(Failures.InvalidConnection(e));
        }
    }

    private NetworkSettings Network()
    {
        if (ProxyUseDefaultCredentials && ProxyCredential is not null)
            throw new ArgumentException("-ProxyCredential and -ProxyUseDefaultCredentials cannot be used together. Omit one of them.");
        return new()
        {
            Proxy = Proxy,
            ProxyCredential = ProxyUseDefaultCredentials ? CredentialCache.DefaultCredentials : ProxyCredential?.GetNetworkCredential(),
            NoProxy = NoProxy,
            ConnectTimeout = Limit(ConnectionTimeoutSeconds),
            AttemptTimeout = MyInvocation.BoundParameters.ContainsKey(nameof(OperationTimeoutSeconds)) ? Limit(OperationTimeoutSeconds) : null,
        };
    }

    private static TimeSpan Limit(int seconds) => seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);
}
