namespace ProfilesModule.Benchmarks.Sink;

/// <summary>What arrived since the last reset, and how slow the sink is to be.</summary>
internal sealed class SinkState
{
    private long _requests;
    private long _records;
    private long _bytes;
    private long _badRequests;
    private ulong _idSum;
    private int _inFlight;
    private int _maxInFlight;

    /// <summary>How long every reply is held back.</summary>
    public TimeSpan Delay { get; set; }

    public void Begin()
    {
        Interlocked.Increment(ref _requests);
        var inFlight = Interlocked.Increment(ref _inFlight);
        int seen;
        while ((seen = Volatile.Read(ref _maxInFlight)) < inFlight && Interlocked.CompareExchange(ref _maxInFlight, inFlight, seen) != seen)
        {
            // Another request has raised it meanwhile.
        }
    }

    public void End() => Interlocked.Decrement(ref _inFlight);

    public void Accept(int records, ulong idSum, int bytes)
    {
        Interlocked.Add(ref _records, records);
        Interlocked.Add(ref _idSum, idSum);
        Interlocked.Add(ref _bytes, bytes);
    }

    public void Refuse() => Interlocked.Increment(ref _badRequests);

    public void Reset() => (_requests, _records, _bytes, _badRequests, _idSum, _maxInFlight) = (0, 0, 0, 0, 0, 0);

    public SinkCounters Counters() => new(_requests, _records, _bytes, _badRequests, _idSum, _maxInFlight);
}
