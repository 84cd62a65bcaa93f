using System.Management.Automation;
using System.Security;
using ProfilesModule.Binding;

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
[Cmdlet(VerbsCommunications.Connect, "UserProfileService", DefaultParameterSetName = RegionSet)]
[OutputType(typeof(UserProfileConnection))]
public sealed class ConnectUserProfileServiceCommand : PSCmdlet
{
    private const string RegionSet = "Region";
    private const string EndpointSet = "Endpoint";

    /// <summary>The token of the project, as text or as a SecureString. It is never shown.</summary>
    [Parameter(Position = 0)]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? Token { get; set; }

    /// <summary>Where the project's data is kept: US, EU or IN. Default US. Data sent to a wrong region is answered like any other and lost.</summary>
    [Parameter(ParameterSetName = RegionSet)]
    public ServiceRegion Region { get; set; }

    /// <summary>The address of another engage service, such as the one that Start-UserProfileServer starts. Plain http only to this machine.</summary>
    [Parameter(ParameterSetName = EndpointSet, Mandatory = true)]
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

    /// <summary>Writes the connection, for the -Connection parameter of other commands.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Makes the connection and sets it for the session.</summary>
    protected override void EndProcessing()
    {
        try
        {
            var settings = new ConnectionSettings(Token is null ? null : ConnectionSettings.PlainText(Token))
            {
                Region = MyInvocation.BoundParameters.ContainsKey(nameof(Region)) ? Region : null,
                Endpoint = ParameterSetName == EndpointSet ? Endpoint : null,
                ProjectId = ProjectId,
                Account = ServiceAccount is null ? null : new(ServiceAccount.UserName, ConnectionSettings.PlainText(ServiceAccount.Password)),
            };
            var connection = settings.OrEnvironment().Connect();
            ModuleState.Current.Connection = connection;
            WriteVerbose($"Connected to {connection}.");
            if (PassThru)
                WriteObject(connection);
        }
        catch (ArgumentException e)
        {
            ThrowTerminatingError(Errors.InvalidConnection(e));
        }
    }
}
