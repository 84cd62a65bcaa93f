using System.Management.Automation;

namespace ProfilesModule.Commands;

/// <summary>
/// Disconnects the session, removes its secrets and closes the pages of projects that Show-UserProfile opened. The MIXPANEL_ environment variables are not used either until you run
/// Connect-UserProfileService.
/// </summary>
/// <example>
/// <code>Disconnect-UserProfileService</code>
/// <para>Disconnects the session.</para>
/// </example>
[Cmdlet(VerbsCommunications.Disconnect, "UserProfileService")]
[OutputType(typeof(void))]
public sealed class DisconnectUserProfileServiceCommand : PSCmdlet
{
    /// <summary>Disconnects the session.</summary>
    protected override void EndProcessing() => ModuleState.Current.Disconnect();
}
