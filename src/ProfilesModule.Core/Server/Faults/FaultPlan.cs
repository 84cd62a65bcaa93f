namespace ProfilesModule.Server;

/// <summary>Counts requests and says which of them fail.</summary>
internal sealed class FaultPlan
{
    private readonly object _gate = new();
    private readonly ServerFault[] _faults;
    private readonly long[] _requests = new long[Enum.GetValues<ServerFaultEndpoint>().Length];

    /// <exception cref="ArgumentException">A fault is out of its range.</exception>
    public FaultPlan(IReadOnlyList<ServerFault>? faults)
    {
        _faults = [.. faults ?? []];
        foreach (ServerFault fault in _faults)
            fault.Validate();
    }

    /// <summary>Counts a request, and returns what goes wrong with it, or null if nothing does.</summary>
    public ServerFault? Next(ServerFaultEndpoint endpoint)
    {
        lock (_gate)
        {
            long request = ++_requests[(int)endpoint];
            return Array.Find(_faults, fault => fault.Endpoint == endpoint && fault.Hits(request));
        }
    }
}
