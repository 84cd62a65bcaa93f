using System.Management.Automation;

namespace ProfilesModule.Commands;

/// <summary>Forgets the connection of the session and its secrets.</summary>
/// <example>
/// <code>Disconnect-UserProfileService</code>
/// <para>Ends the session's connection.</para>
/// </example>
[Cmdlet(VerbsCommunications.Disconnect, "UserProfileService")]
[OutputType(typeof(void))]
public sealed class DisconnectUserProfileServiceCommand : PSCmdlet
{
    /// <summary>Forgets it.</summary>
    // Only forgotten, not closed: the user may hold it still, from -PassThru.
    protected override void EndProcessing() => ModuleState.Current.Connection = null;
}
