namespace ProfilesModule.Server;

/// <summary>Counts requests and says which of them fail.</summary>
internal sealed class FaultPlan
{
    private readonly object _gate = new();
    private readonly ServerFault[] _faults;
    private readonly RollingLimit?[] _limits;
    private readonly long[] _requests = new long[Enum.GetValues<ServerFaultEndpoint>().Length];

    /// <param name="faults">What goes wrong; null for nothing.</param>
    /// <param name="time">The clock of limits.</param>
    /// <exception cref="ArgumentException">A fault is out of its range.</exception>
    public FaultPlan(IReadOnlyList<ServerFault>? faults, TimeProvider time)
    {
        _faults = [.. faults ?? []];
        foreach (ServerFault fault in _faults)
            fault.Validate();
        _limits = [.. _faults.Select(fault => fault.IsLimit ? new RollingLimit(fault, time) : null)];
    }

    /// <summary>Counts a request, and returns what goes wrong with it, or null if nothing does.</summary>
    /// <param name="endpoint">What the request is for.</param>
    /// <param name="updates">Tells how many updates it brings; asked only where that matters.</param>
    public ServerFault? Next(ServerFaultEndpoint endpoint, Func<int> updates)
    {
        lock (_gate)
        {
            long request = ++_requests[(int)endpoint];
            for (int i = 0; i < _faults.Length; i++)
            {
                if (_faults[i].Endpoint == endpoint && (_limits[i]?.IsOver(updates) ?? _faults[i].Hits(request)))
                    return _faults[i];
            }
            return null;
        }
    }

    /// <summary>What was let through in the last while. Not thread-safe: its owner locks.</summary>
    private sealed class RollingLimit(ServerFault fault, TimeProvider time)
    {
        private readonly Queue<(long Time, int Count)> _passed = [];
        private long _count;

        public bool IsOver(Func<int> updates)
        {
            while (_passed.TryPeek(out (long Time, int Count) oldest) && time.GetElapsedTime(oldest.Time) >= fault.Window)
                _count -= _passed.Dequeue().Count;
            int count = fault.MaxUpdates > 0 ? updates() : 1;
            if (_count + count > (fault.MaxUpdates > 0 ? fault.MaxUpdates : fault.MaxRequests))
                return true;
            _passed.Enqueue((time.GetTimestamp(), count));
            _count += count;
            return false;
        }
    }
}
