using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace ProfilesModule.Shell;

/// <summary>
/// Makes <c>exit</c> in a script file end the host with its code. The engine otherwise ends the script only and leaves the code in
/// $LASTEXITCODE, where it cannot be told from that of any program the script ran. pwsh sets the same switch of the engine
/// (ConsoleHost.DoRunspaceInitialization); it has no public name.
/// </summary>
internal static class EngineExit
{
    private const string ContextType = "System.Management.Automation.ExecutionContext, System.Management.Automation";

    /// <summary>Sets the switch. It holds for the next script file that the runspace runs.</summary>
    public static void LetExitEndTheHost(Runspace runspace) => SetRethrowExit(ContextOf(runspace), true);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ExecutionContext")]
    [return: UnsafeAccessorType(ContextType)]
    private static extern object ContextOf(Runspace runspace);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_ScriptCommandProcessorShouldRethrowExit")]
    private static extern void SetRethrowExit([UnsafeAccessorType(ContextType)] object context, bool value);
}
