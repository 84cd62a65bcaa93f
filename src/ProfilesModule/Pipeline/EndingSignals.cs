using System.Runtime.InteropServices;

namespace ProfilesModule.Pipeline;

/// <summary>
/// Ends a command by SIGTERM or SIGHUP, which a scheduler or a closed terminal sends, as Ctrl+C does. Then the signal does what it does
/// to any process, so that the script does not go on to its next statement and the exit code tells.
/// </summary>
internal sealed class EndingSignals : IDisposable
{
    // Less than the ten seconds that containers are given.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);

    private readonly ManualResetEventSlim _told = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _stop;
    private readonly Action _tell;

    /// <param name="stop">Stops the command.</param>
    /// <param name="tell">Reports the outcome if the command cannot.</param>
    public EndingSignals(Action stop, Action tell)
    {
        (_stop, _tell) = (stop, tell);
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

        // When this returns the process ends.
        if (!_told.Wait(Grace))
            _tell();
    }
}
