using System.Management.Automation;

namespace ProfilesModule;

/// <summary>Stops the servers of a runspace when it removes the module.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <summary>Called by PowerShell when the module is removed.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo) => ModuleState.Current.Release();
}
