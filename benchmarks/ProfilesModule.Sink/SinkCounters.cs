namespace ProfilesModule.Benchmarks;

/// <summary>What arrived at the sink.</summary>
/// <param name="Requests">The number of requests.</param>
/// <param name="Records">The number of updates in them.</param>
/// <param name="Bytes">The size of their bodies.</param>
/// <param name="BadRequests">How many of the requests were no array of records, and were refused.</param>
/// <param name="IdSum">The <see cref="IdChecksum"/> of the distinct ids.</param>
/// <param name="MaxInFlight">The most requests at one time.</param>
internal sealed record SinkCounters(long Requests, long Records, long Bytes, long BadRequests, ulong IdSum, int MaxInFlight);
