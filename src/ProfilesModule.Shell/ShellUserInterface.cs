using System.Management.Automation;
using System.Management.Automation.Host;

namespace ProfilesModule.Shell;

/// <summary>
/// Writes what the engine shows: errors to standard error, everything else to standard output as pwsh does. Colours appear on a terminal
/// only, and not when NO_COLOR is set (https://no-color.org).
/// </summary>
internal sealed partial class ShellUserInterface : PSHostUserInterface
{
    private readonly Lock _console = new();
    private readonly ProgressLine _progress = new();
    private bool _showsAsErrors;
    private int _errorsWritten;

    /// <inheritdoc />
    public override PSHostRawUserInterface RawUI { get; } = new ShellRawUserInterface();

    /// <summary>Whether colours are shown. Not on Windows, where escape sequences depend on the mode of the console.</summary>
    public override bool SupportsVirtualTerminal { get; } = !Console.IsOutputRedirected && !OperatingSystem.IsWindows()
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <inheritdoc />
    public override void Write(string value)
    {
        if (_showsAsErrors)
            WriteError(value);
        else
            Write(Console.Out, value, SupportsVirtualTerminal);
    }

    /// <inheritdoc />
    public override void WriteLine(string value)
    {
        if (_showsAsErrors)
            WriteErrorLine(value);
        else
            Write(value + Environment.NewLine);
    }

    /// <inheritdoc />
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
        if (!SupportsVirtualTerminal)
        {
            Write(value);
            return;
        }

        // A console that does not know its own colour says -1.
        var foreground = Enum.IsDefined(foregroundColor) ? PSStyle.MapForegroundColorToEscapeSequence(foregroundColor) : "";
        var background = Enum.IsDefined(backgroundColor) ? PSStyle.MapBackgroundColorToEscapeSequence(backgroundColor) : "";
        Write($"{foreground}{background}{value}{PSStyle.Instance.Reset}");
    }

    /// <inheritdoc />
    public override void WriteErrorLine(string value)
    {
        // The engine's error view ends with an empty line, which pwsh leaves out too.
        if (!string.IsNullOrEmpty(value))
            WriteError(value + Environment.NewLine);
    }

    /// <inheritdoc />
    public override void WriteWarningLine(string message) => WriteStyledLine(FormatStyle.Warning, $"WARNING: {message}");

    /// <inheritdoc />
    public override void WriteVerboseLine(string message) => WriteStyledLine(FormatStyle.Verbose, $"VERBOSE: {message}");

    /// <inheritdoc />
    public override void WriteDebugLine(string message) => WriteStyledLine(FormatStyle.Debug, $"DEBUG: {message}");

    /// <inheritdoc />
    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        lock (_console)
            _progress.Show(record);
    }

    /// <summary>Removes a progress line that was left on the terminal.</summary>
    public void ClearProgress()
    {
        lock (_console)
            _progress.Clear();
    }

    /// <summary>Runs an action whose output goes to standard error.</summary>
    /// <returns>Whether there was any.</returns>
    public bool ShowAsErrors(Action action)
    {
        var writtenBefore = _errorsWritten;
        _showsAsErrors = true;
        action();
        _showsAsErrors = false;
        return _errorsWritten > writtenBefore;
    }

    private void WriteStyledLine(FormatStyle style, string line) =>
        WriteLine(GetFormatStyleString(style) + line + GetFormatStyleString(FormatStyle.Reset));

    private void WriteError(string value)
    {
        _errorsWritten++;
        Write(Console.Error, value, SupportsVirtualTerminal && !Console.IsErrorRedirected);
    }

    private void Write(TextWriter writer, string value, bool coloured)
    {
        lock (_console)
        {
            _progress.Clear();
            writer.Write(GetOutputString(value, coloured));
        }
    }
}
