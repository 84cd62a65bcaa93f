using ProfilesModule.Wire;

namespace ProfilesModule.Benchmarks;

/// <summary>A service that accepts everything at once and keeps nothing.</summary>
internal sealed class DiscardingTransport : IEngageTransport
{
    private static readonly Task<Verdict> Accepted = Task.FromResult(new Verdict(VerdictKind.Accepted, 200, ""));

    public Task<Verdict> SendAsync(ReadOnlyMemory<byte> body, int updates, bool isRepeatable, CancellationToken cancellation) => Accepted;
}
