namespace ProfilesModule.Delivery;

/// <summary>Knows what the requests of a run wait for. Thread-safe.</summary>
internal sealed class RequestWaits(TimeProvider time)
{
    private readonly object _lock = new();
    private readonly long _start = time.GetTimestamp();
    private readonly List<(WaitReason Reason, TimeSpan Until)> _waits = [];
    private int _onTheirWay;

    /// <summary>The time since the run began.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>What the run waits for; null while a request is on its way or nothing waits.</summary>
    public DeliveryWait? Current
    {
        get
        {
            lock (_lock)
            {
                if (_waits.Count == 0 || Volatile.Read(ref _onTheirWay) > 0)
                    return null;
                var (reason, until) = _waits.MinBy(wait => wait.Until);
                var left = until - Now;
                return new(reason, left > TimeSpan.Zero ? left : TimeSpan.Zero);
            }
        }
    }

    public void RequestBegins() => Interlocked.Increment(ref _onTheirWay);

    public void RequestEnds() => Interlocked.Decrement(ref _onTheirWay);

    /// <summary>Waits.</summary>
    /// <param name="reason">For what.</param>
    /// <param name="delay">How long, as the user sees it.</param>
    /// <param name="ending">Ends the waiting.</param>
    /// <param name="more">How much longer, so that a timer that fires a little early does not end it before its time.</param>
    /// <exception cref="OperationCanceledException">The run ended first.</exception>
    public async Task DelayAsync(WaitReason reason, TimeSpan delay, CancellationToken ending, TimeSpan more = default)
    {
        var wait = (reason, Now + delay);
        lock (_lock)
            _waits.Add(wait);
        try
        {
            await Task.Delay(delay + more, time, ending).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
                _waits.Remove(wait);
        }
    }
}

/// <summary>Why and how long nothing is sent.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Left">How long until the next request.</param>
internal readonly record struct DeliveryWait(WaitReason Reason, TimeSpan Left);

/// <summary>Why a run waits.</summary>
internal enum WaitReason
{
    /// <summary>The service asked for it.</summary>
    RetryAfter,

    /// <summary>A request failed, and waits for its next attempt.</summary>
    Retry,

    /// <summary>The user allows no more updates a second.</summary>
    RateLimit,
}
