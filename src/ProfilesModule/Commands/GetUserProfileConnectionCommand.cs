using System.Management.Automation;

namespace ProfilesModule.Commands;

/// <summary>Gets the connection of the session, without its secrets. Writes nothing if there is none.</summary>
/// <example>
/// <code>Get-UserProfileConnection</code>
/// <para>Shows the service and the project that commands use.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "UserProfileConnection")]
[OutputType(typeof(UserProfileConnection))]
public sealed class GetUserProfileConnectionCommand : PSCmdlet
{
    /// <summary>Writes the connection.</summary>
    protected override void EndProcessing()
    {
        if (ModuleState.Current.Connection is { } connection)
            WriteObject(connection);
    }
}
