namespace ProfilesModule.Delivery;

/// <summary>
/// Holds requests back: all of them while the service asked for a pause, and each so that no more updates a second are sent
/// than the user allows. Shared by all requests of a run, first attempts and retries alike.
/// </summary>
internal sealed class RequestGate(RequestWaits waits, int? maxUpdatesPerSecond)
{
    private readonly object _lock = new();
    private TimeSpan _pausedUntil;
    private WaitReason _pauseReason;
    private TimeSpan _nextTurn;

    /// <summary>Lets no request start for a while. Of two pauses the one that ends later counts.</summary>
    public void Pause(WaitReason reason, TimeSpan wait)
    {
        lock (_lock)
        {
            var until = waits.Now + wait;
            if (until > _pausedUntil)
                (_pausedUntil, _pauseReason) = (until, reason);
        }
    }

    /// <summary>Waits for the turn of a request.</summary>
    /// <param name="updates">How many updates it carries.</param>
    /// <param name="ending">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The run ended first.</exception>
    public async Task PassAsync(int updates, CancellationToken ending)
    {
        await WaitUntilAsync(WaitReason.RateLimit, TakeTurn(updates), ending).ConfigureAwait(false);
        await PauseEndedAsync(ending).ConfigureAwait(false);
    }

    /// <summary>Waits while the service asked for a pause. What is sent when this has ended at once is sent in time.</summary>
    /// <param name="ending">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The run ended first.</exception>
    public async Task PauseEndedAsync(CancellationToken ending)
    {
        // A pause may be asked for, or prolonged, while this waits; and a timer may fire a little before its time.
        while (Paused is var (reason, until) && until > waits.Now)
            await WaitUntilAsync(reason, until, ending).ConfigureAwait(false);
    }

    private (WaitReason Reason, TimeSpan Until) Paused
    {
        get
        {
            lock (_lock)
                return (_pauseReason, _pausedUntil);
        }
    }

    private TimeSpan TakeTurn(int updates)
    {
        if (maxUpdatesPerSecond is not { } most)
            return TimeSpan.Zero;
        lock (_lock)
        {
            var now = waits.Now;
            var turn = now > _nextTurn ? now : _nextTurn;
            _nextTurn = turn + TimeSpan.FromSeconds((double)updates / most);
            return turn;
        }
    }

    private Task WaitUntilAsync(WaitReason reason, TimeSpan turn, CancellationToken ending)
    {
        var wait = turn - waits.Now;
        return wait > TimeSpan.Zero ? waits.DelayAsync(reason, wait + TimeSpan.FromMilliseconds(1), ending) : Task.CompletedTask;
    }
}
