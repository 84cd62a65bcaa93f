using System.Management.Automation;
using System.Net;
using System.Security;
using ProfilesModule.Binding;
using ProfilesModule.Pipeline;

namespace ProfilesModule.Commands;

/// <summary>
/// Connects the session to a project of the service. What is not given is taken from the environment variables
/// MIXPANEL_TOKEN, MIXPANEL_PROJECT_ID, MIXPANEL_REGION, MIXPANEL_ENDPOINT, MIXPANEL_SERVICE_ACCOUNT and MIXPANEL_SECRET.
/// Nothing is sent yet: the service does not say whether a token is right.
/// </summary>
/// <example>
/// <code>Connect-UserProfileService -Token (Get-Secret mixpanel) -Region EU -ServiceAccount $credential -ProjectId 123</code>
/// <para>Connects to a project in the European Union, for writing and reading.</para>
/// </example>
/// <example>
/// <code>Start-UserProfileServer -SkipConnect | Connect-UserProfileService -Token dev</code>
/// <para>Connects to an embedded service.</para>
/// </example>
/// <example>
/// <code>Connect-UserProfileService -Token $token -Proxy http://proxy.example.com:8080 -ProxyCredential $credential</code>
/// <para>Connects through a proxy that asks who is there.</para>
/// </example>
/// <example>
/// <code>$other = Connect-UserProfileService -Token $token -Region US -PassThru; Set-UserProfile 123 -Property @{ plan = 'pro' } -Connection $other</code>
/// <para>Keeps a connection, to say with each command which project it is for.</para>
/// </example>
/// <seealso cref="GetUserProfileConnectionCommand"/>
/// <seealso cref="StartUserProfileServerCommand"/>
[Cmdlet(VerbsCommunications.Connect, "UserProfileService", DefaultParameterSetName = RegionSet)]
[OutputType(typeof(UserProfileConnection))]
public sealed class ConnectUserProfileServiceCommand : PSCmdlet
{
    private const string RegionSet = "Region";
    private const string EndpointSet = "Endpoint";

    // What the timers of .NET can wait.
    private const int MaximumSeconds = int.MaxValue / 1000;

    /// <summary>The token of the project, as text or as a SecureString. It is never shown.</summary>
    [Parameter(Position = 0)]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? Token { get; set; }

    /// <summary>
    /// Where the project's data is kept: US, EU or IN, also by name (Europe, India) or as an address of the service there
    /// (eu.mixpanel.com). Default US. Data sent to a wrong region is answered like any other and lost.
    /// </summary>
    [Parameter(ParameterSetName = RegionSet)]
    [RegionTransformation]
    [ArgumentCompleter(typeof(RegionCompleter))]
    [ValidateNotNull]
    public string? Region { get; set; }

    /// <summary>
    /// The address of another engage service, such as the one that Start-UserProfileServer starts, or an object that has it as
    /// its Endpoint. Plain http only to this machine; a host without a scheme, such as 127.0.0.1:5000, is asked by http on this
    /// machine and by https elsewhere. An address of the service itself stands for its region.
    /// </summary>
    [Parameter(ParameterSetName = EndpointSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [EndpointTransformation]
    [ValidateNotNull]
    public Uri Endpoint { get; set; } = null!;

    /// <summary>The user name and secret of a service account of the project, which reading needs. They are not used for writing.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ServiceAccount { get; set; }

    /// <summary>The id of the project, which reading needs.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProjectId { get; set; }

    /// <summary>
    /// The address of a proxy to ask, also for a service on this machine, unless its address is http and the proxy elsewhere. Default: the system's proxy, which the variables
    /// HTTPS_PROXY and NO_PROXY say outside Windows, and none for a service on this machine.
    /// </summary>
    [Parameter]
    [AddressTransformation]
    [ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>The user name and password for the proxy. They need -Proxy, and are never shown.</summary>
    [Parameter]
    [Credential]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Asks the proxy as the current user. Needs -Proxy, and excludes -ProxyCredential.</summary>
    [Parameter]
    public SwitchParameter ProxyUseDefaultCredentials { get; set; }

    /// <summary>Asks no proxy, not even the system's.</summary>
    [Parameter]
    public SwitchParameter NoProxy { get; set; }

    /// <summary>How many seconds one attempt may take to connect, name resolution and TLS included. 0 for no limit. Default 15.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(0, MaximumSeconds)]
    public int ConnectionTimeoutSeconds { get; set; } = 15;

    /// <summary>
    /// How many seconds one attempt may take from its start to the last byte of its reply. 0 for no limit. Default 100 for
    /// updates, and 600 for queries, which the service itself gives up after about eight minutes. What takes longer is tried again.
    /// </summary>
    [Parameter]
    [ValidateRange(0, MaximumSeconds)]
    public int OperationTimeoutSeconds { get; set; }

    /// <summary>Writes the connection, for the -Connection parameter of other commands.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Makes the connection and sets it for the session.</summary>
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
            ThrowTerminatingError(Errors.InvalidConnection(e));
        }
    }

    private NetworkSettings Network()
    {
        if (ProxyUseDefaultCredentials && ProxyCredential is not null)
            throw new ArgumentException("-ProxyCredential and -ProxyUseDefaultCredentials exclude each other. Leave out one of them.");
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
