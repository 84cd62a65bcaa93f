using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>
/// Holds requests back: all of them while the service asked for a pause, each so that no more updates a second are sent than the
/// user allows, and as many as the service takes at once. Shared by all requests of a run, first attempts and retries alike.
/// </summary>
/// <remarks>
/// After a pause one request goes alone. Once it is answered half as many as before go at once, and then one more for each round
/// of good replies: additive increase, multiplicative decrease. A service that limits what it takes is found that way.
/// </remarks>
internal sealed class RequestGate(RequestWaits waits, DeliveryOptions options)
{
    private readonly object _lock = new();
    private TimeSpan _pausedUntil;
    private WaitReason _pauseReason;
    private TimeSpan _nextTurn;
    private TaskCompletionSource _changed = NewSignal();
    private double _most = options.MaxConcurrency;
    private int _mostAfterPause = options.MaxConcurrency;
    private int _inFlight;
    private int _pauses;
    private int _pausesInARow;

    /// <summary>Waits for the turn of a request. Returns how many pauses there were, which <see cref="Leave"/> needs.</summary>
    /// <exception cref="OperationCanceledException">The run ended first.</exception>
    public async Task<int> EnterAsync(int updates, CancellationToken ending)
    {
        await WaitUntilAsync(WaitReason.RateLimit, TakeTurn(updates), ending).ConfigureAwait(false);
        while (true)
        {
            await PauseEndedAsync(ending).ConfigureAwait(false);
            Task changed;
            lock (_lock)
            {
                if (_inFlight < (int)_most && _pausedUntil <= waits.Now)
                {
                    _inFlight++;
                    return _pauses;
                }

                if (_pausedUntil > waits.Now)
                    continue;
                changed = _changed.Task;
            }

            await changed.WaitAsync(ending).ConfigureAwait(false);
        }
    }

    /// <summary>Waits while the service asked for a pause. A request that is sent as soon as this ends is not too early.</summary>
    /// <exception cref="OperationCanceledException">The run ended first.</exception>
    public async Task PauseEndedAsync(CancellationToken ending)
    {
        // A pause may be asked for, or prolonged, while this waits; and a timer may fire a little before its time.
        while (Paused is var (reason, until) && until > waits.Now)
            await WaitUntilAsync(reason, until, ending).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes room for the next request, and starts none for a while where the reply asks for that. The verdict is null for a
    /// request that was not sent or was broken off.
    /// </summary>
    public RequestPace Leave(int entered, Verdict? verdict)
    {
        TaskCompletionSource changed;
        RequestPace pace;
        lock (_lock)
        {
            _inFlight--;
            var pause = verdict?.AsksForPause == true ? Pause(entered, verdict) : (TimeSpan?)null;
            if (verdict is { Kind: not VerdictKind.Transient })
                Grow(entered);
            pace = new(pause, _pausesInARow, (int)_most);
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
        return pace;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private (WaitReason Reason, TimeSpan Until) Paused
    {
        get
        {
            lock (_lock)
                return (_pauseReason, _pausedUntil);
        }
    }

    /// <summary>Starts no request for a while. Of two pauses the one that ends later counts.</summary>
    private TimeSpan Pause(int entered, Verdict verdict)
    {
        // Requests that were in flight together are refused together, and for one reason.
        if (entered == _pauses)
        {
            _pauses++;
            _pausesInARow++;
            (_mostAfterPause, _most) = (Math.Max(1, (int)_most / 2), 1);
        }

        var wait = RetryDelay.Before(Math.Max(1, _pausesInARow), options.RetryInterval, verdict.RetryAfter);
        var until = waits.Now + wait;
        if (until > _pausedUntil)
            (_pausedUntil, _pauseReason) = (until, RequestWaits.ReasonFor(verdict));
        return wait;
    }

    private void Grow(int entered)
    {
        _pausesInARow = 0;
        if (entered == _pauses)
            _most = _most < _mostAfterPause ? _mostAfterPause : Math.Min(options.MaxConcurrency, _most + (1 / _most));
    }

    private TimeSpan TakeTurn(int updates)
    {
        if (options.MaxUpdatesPerSecond is not { } most)
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
        return wait > TimeSpan.Zero ? waits.DelayAsync(reason, wait, ending, TimeSpan.FromMilliseconds(1)) : Task.CompletedTask;
    }
}

/// <summary>How a run goes on behind a reply.</summary>
/// <param name="Pause">How long nothing is sent; null where the reply did not ask for that.</param>
/// <param name="PausesInARow">How many pauses there were since the last request that the service answered otherwise.</param>
/// <param name="AtOnce">How many requests may be in flight at once.</param>
internal readonly record struct RequestPace(TimeSpan? Pause, int PausesInARow, int AtOnce);
