using ProfilesModule.Wire;

namespace ProfilesModule.Pipeline;

/// <summary>Sends nothing and accepts everything, so that a run can be counted before it is made.</summary>
internal sealed class AcceptingTransport : IEngageTransport
{
    private static readonly Task<Verdict> Accepted = Task.FromResult(new Verdict(VerdictKind.Accepted, 200, ""));

    public Task<Verdict> SendAsync(ReadOnlyMemory<byte> body, int updates, bool isRepeatable, CancellationToken cancellation) => Accepted;
}
