using System.Management.Automation;

namespace ProfilesModule.Commands;

/// <summary>Shows the embedded engage services that this session runs.</summary>
/// <example>
/// <code>Get-UserProfileServer</code>
/// <para>Shows each server's address and what it has done.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "UserProfileServer")]
[OutputType(typeof(UserProfileServer))]
public sealed class GetUserProfileServerCommand : PSCmdlet
{
    /// <summary>Writes them.</summary>
    protected override void EndProcessing() => WriteObject(ModuleState.Current.Servers, enumerateCollection: true);
}
