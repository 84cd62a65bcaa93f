using System.Management.Automation;

namespace ProfilesModule.Commands;

/// <summary>
/// Gets the embedded engage services that this session runs, and the servers of pages of projects that Show-UserProfile opened.
/// </summary>
/// <example>
/// <code>Get-UserProfileServer</code>
/// <para>Shows the address of each server and the number of requests that it has answered.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "UserProfileServer")]
[OutputType(typeof(UserProfileServer))]
public sealed class GetUserProfileServerCommand : PSCmdlet
{
    /// <summary>Writes the servers.</summary>
    protected override void EndProcessing() => WriteObject(ModuleState.Current.Servers, enumerateCollection: true);
}
