using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace ProfilesModule.Shell;

/// <summary>The host that the engine sees: the console, and the exit code that <c>exit</c> asked for.</summary>
/// <param name="nonInteractive">Makes every prompt an error.</param>
/// <param name="readsCommands">Whether standard input was read to its end for commands.</param>
/// <param name="interrupted">Signalled by Ctrl+C; ends a prompt that waits for its answer.</param>
internal sealed class ShellHost(bool nonInteractive, bool readsCommands, CancellationToken interrupted) : PSHost
{
    /// <summary>What $Host.Name shows.</summary>
    public const string HostName = "ProfilesModule.Shell";

    private readonly ShellUserInterface _userInterface = new(nonInteractive, interrupted);
    private PSObject? _privateData;

    /// <summary>The code that <c>exit</c> was given, or null if it was not called.</summary>
    public int? ExitCode { get; private set; }

    /// <inheritdoc />
    public override string Name => HostName;

    /// <inheritdoc />
    public override Version Version { get; } = typeof(ShellHost).Assembly.GetName().Version!;

    /// <inheritdoc />
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc />
    public override PSHostUserInterface UI => _userInterface;

    /// <summary>What cmdlets get of the host beyond the console: standard input, which an import takes for the path -.</summary>
    public override PSObject? PrivateData => readsCommands ? null : _privateData ??= new(new HostData(_userInterface.Input));

    /// <inheritdoc />
    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    /// <inheritdoc />
    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    /// <summary>Removes a progress line that was left on the terminal.</summary>
    public void ClearProgress() => _userInterface.ClearProgress();

    /// <summary>Runs an action whose output goes to standard error. Out-Default tells errors from output by the stream they come from, and a terminating error comes from none.</summary>
    /// <returns>Whether the action wrote anything.</returns>
    public bool ShowAsErrors(Action action) => _userInterface.ShowAsErrors(action);

    /// <inheritdoc />
    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    /// <summary>Called when a prompt is answered with Suspend.</summary>
    public override void EnterNestedPrompt() => throw new PSNotSupportedException($"{HostName} has no interactive prompt to suspend to.");

    /// <inheritdoc />
    public override void ExitNestedPrompt() => throw new PSNotSupportedException($"{HostName} has no interactive prompt.");

    /// <inheritdoc />
    public override void NotifyBeginApplication() => _userInterface.ClearProgress();

    /// <inheritdoc />
    public override void NotifyEndApplication()
    {
    }

    /// <summary>The host's private data, by the names that cmdlets know.</summary>
    private sealed class HostData(ConsoleInput input)
    {
        /// <summary>Standard input; null when it cannot be read as data.</summary>
        public Stream? StandardInput => input.Open();
    }
}
