using System.Management.Automation;

namespace ProfilesModule.Commands;

/// <summary>Shows the connection of the session, without its secrets; writes nothing when there is none.</summary>
/// <example>
/// <code>Get-UserProfileConnection</code>
/// <para>Shows where commands send to.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "UserProfileConnection")]
[OutputType(typeof(UserProfileConnection))]
public sealed class GetUserProfileConnectionCommand : PSCmdlet
{
    /// <summary>Writes it.</summary>
    protected override void EndProcessing()
    {
        if (ModuleState.Current.Connection is { } connection)
            WriteObject(connection);
    }
}
