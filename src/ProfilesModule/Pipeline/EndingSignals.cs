using System.Runtime.InteropServices;

namespace ProfilesModule.Pipeline;

/// <summary>
/// Ends a command by SIGTERM or SIGHUP, which a scheduler or a closed terminal sends, and then the process, so that the script does not
/// go on to its next statement and the exit code tells whether the script may be started again.
/// </summary>
internal sealed class EndingSignals : IDisposable
{
    /// <summary>
    /// How long replies to what is in flight are awaited. With what follows, less than the ten seconds that containers are given.
    /// </summary>
    public static readonly TimeSpan ReplyGrace = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(4);

    private readonly ManualResetEventSlim _told = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _stop;
    private readonly Action _tell;
    private readonly Func<int>? _exitCode;

    /// <param name="stop">Stops the command.</param>
    /// <param name="tell">Reports the outcome if the command cannot.</param>
    /// <param name="exitCode">
    /// The exit code of the process; null where it is not the command's to end. The signal then does what it does to any process.
    /// </param>
    public EndingSignals(Action stop, Action tell, Func<int>? exitCode)
    {
        (_stop, _tell, _exitCode) = (stop, tell, exitCode);
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal)];
    }

    /// <summary>Whether one has come.</summary>
    public bool WasReceived { get; private set; }

    /// <summary>
    /// Lets the process end, now that the user was told. The pipeline thread waits here for that, or it would go on with the script;
    /// it goes on only in a host that keeps the signal for itself.
    /// </summary>
    public void LetProcessEnd()
    {
        _told.Set();
        Thread.Sleep(Grace);
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        WasReceived = true;
        _stop();
        if (!_told.Wait(Grace))
            _tell();

        // Without this the process ends when this returns, by the signal.
        if (_exitCode is not null && !signal.Cancel)
            Environment.Exit(_exitCode());
    }
}
