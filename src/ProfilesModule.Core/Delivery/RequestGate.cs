namespace ProfilesModule.Delivery;

/// <summary>
/// Holds requests back: all of them while the service asked for a pause, and each so that no more updates a second are sent
/// than the user allows. Shared by all requests of a run, first attempts and retries alike.
/// </summary>
internal sealed class RequestGate(TimeProvider time, int? maxUpdatesPerSecond)
{
    private readonly object _lock = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _pausedUntil;
    private TimeSpan _nextTurn;

    /// <summary>Lets no request start for a while. Of two pauses the one that ends later counts.</summary>
    public void Pause(TimeSpan wait)
    {
        lock (_lock)
        {
            var until = Now + wait;
            if (until > _pausedUntil)
                _pausedUntil = until;
        }
    }

    /// <summary>Waits for the turn of a request.</summary>
    /// <param name="updates">How many updates it carries.</param>
    /// <param name="ending">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The run ended first.</exception>
    public async Task PassAsync(int updates, CancellationToken ending)
    {
        await WaitUntilAsync(TakeTurn(updates), ending).ConfigureAwait(false);

        await PauseEndedAsync(ending).ConfigureAwait(false);
    }

    /// <summary>Waits while the service asked for a pause. What is sent when this has ended at once is sent in time.</summary>
    /// <param name="ending">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The run ended first.</exception>
    public async Task PauseEndedAsync(CancellationToken ending)
    {
        // A pause may be asked for, or prolonged, while this waits; and a timer may fire a little before its time.
        while (PausedUntil is var until && until > Now)
            await WaitUntilAsync(until, ending).ConfigureAwait(false);
    }

    private TimeSpan Now => time.GetElapsedTime(_start);

    private TimeSpan PausedUntil
    {
        get
        {
            lock (_lock)
                return _pausedUntil;
        }
    }

    private TimeSpan TakeTurn(int updates)
    {
        if (maxUpdatesPerSecond is not { } most)
            return TimeSpan.Zero;
        lock (_lock)
        {
            var turn = Now > _nextTurn ? Now : _nextTurn;
            _nextTurn = turn + TimeSpan.FromSeconds((double)updates / most);
            return turn;
        }
    }

    private Task WaitUntilAsync(TimeSpan turn, CancellationToken ending)
    {
        var wait = turn - Now;
        return wait > TimeSpan.Zero ? Task.Delay(wait + TimeSpan.FromMilliseconds(1), time, ending) : Task.CompletedTask;
    }
}
