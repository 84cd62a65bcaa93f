using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Delivery;

/// <summary>A service that accepts everything and keeps nothing.</summary>
internal sealed class AcceptingTransport : IEngageTransport
{
    private static readonly Task<Verdict> Accepted = Task.FromResult(ScriptedTransport.Accepted);

    public Task<Verdict> SendAsync(ReadOnlyMemory<byte> body, int updates, bool isRepeatable, CancellationToken cancellation) => Accepted;
}
