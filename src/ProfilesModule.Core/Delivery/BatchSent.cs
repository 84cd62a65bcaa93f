using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>One request and its reply.</summary>
/// <param name="Batch">The number of the batch.</param>
/// <param name="First">The first update of the request.</param>
/// <param name="Last">The last update of the request.</param>
/// <param name="Updates">How many updates it carried.</param>
/// <param name="Bytes">The size of its body in bytes.</param>
/// <param name="Attempt">1 for the first attempt.</param>
/// <param name="Elapsed">From sending to the end of the reply.</param>
/// <param name="Verdict">What the reply means.</param>
/// <param name="AtOnce">How many requests may be under way at once from then on.</param>
internal sealed record BatchSent(int Batch, UpdateOrigin First, UpdateOrigin Last, int Updates, int Bytes, int Attempt, TimeSpan Elapsed, Verdict Verdict, int AtOnce);
