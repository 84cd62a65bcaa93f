using System.Management.Automation;

namespace ProfilesModule.Commands;

/// <summary>
/// Forgets the connection of the session and its secrets. From then on the MIXPANEL_ environment variables are not used either,
/// until Connect-UserProfileService is run.
/// </summary>
/// <example>
/// <code>Disconnect-UserProfileService</code>
/// <para>Ends the session's connection.</para>
/// </example>
[Cmdlet(VerbsCommunications.Disconnect, "UserProfileService")]
[OutputType(typeof(void))]
public sealed class DisconnectUserProfileServiceCommand : PSCmdlet
{
    /// <summary>Forgets it.</summary>
    protected override void EndProcessing() => ModuleState.Current.Disconnect();
}
