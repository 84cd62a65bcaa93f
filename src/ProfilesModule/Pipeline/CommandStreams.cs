using System.Management.Automation;
using ProfilesModule.Wire;

namespace ProfilesModule.Pipeline;

/// <summary>
/// Details and warnings of a command, so that neither ends it. With -Debug the engine asks after each verbose message and each
/// warning whether to go on, and where nobody can be asked, that fails.
/// </summary>
internal static class CommandStreams
{
    /// <summary>Whether the user sees details; text that nobody sees is not made.</summary>
    public static bool ShowsDetails(this PSCmdlet command) => command.IsVerbose() || command.IsDebug();

    /// <summary>Whether the user wants verbose messages.</summary>
    public static bool IsVerbose(this PSCmdlet command) =>
        command.Switch("Verbose") ?? (command.Switch("Debug") != true && command.GetVariableValue("VerbosePreference") is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore));

    /// <summary>Writes a detail to the verbose stream, or with -Debug to the debug stream, which does not ask.</summary>
    public static void WriteDetail(this PSCmdlet command, string detail)
    {
        detail = ServiceText.Fit(detail);
        if (!command.IsVerbose() && command.IsDebug())
            command.WriteDebug(detail);
        else
            command.WriteVerbose(detail);
    }

    /// <summary>Writes a warning, with which a command goes on unless the user says otherwise.</summary>
    public static void Warn(this PSCmdlet command, string warning)
    {
        try
        {
            command.WriteWarning(ServiceText.Fit(warning));
        }
        catch (Exception e) when (command.Switch("Debug") == true && !command.MyInvocation.BoundParameters.ContainsKey("WarningAction") && e is not (PipelineStoppedException or ActionPreferenceStopException))
        {
            // The warning was written; the question failed. The exception depends on the host, and is a NullReferenceException where input has ended.
        }
    }

    private static bool IsDebug(this PSCmdlet command) => command.Switch("Debug") ?? command.GetVariableValue("DebugPreference") is ActionPreference.Continue;

    public static bool? Switch(this PSCmdlet command, string name) =>
        command.MyInvocation.BoundParameters.TryGetValue(name, out var bound) ? bound is SwitchParameter { IsPresent: true } or true : null;
}
