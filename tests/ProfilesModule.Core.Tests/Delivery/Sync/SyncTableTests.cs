using ProfilesModule.Delivery.Sync;

namespace ProfilesModule.Core.Tests.Delivery.Sync;

/// <summary>The table of profiles, while it grows.</summary>
public sealed class SyncTableTests
{
    private const int Profiles = 500_000;

    [Theory]
    [InlineData(null)]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(1e-9)]
    [InlineData(1.0)]
    public void Every_profile_is_found_again_whatever_the_input_is_said_to_have(double? progress)
    {
        var (random, table) = (new Random(1), new SyncTable(0) { Progress = () => progress });
        var profiles = Enumerable.Range(0, Profiles).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue)).Distinct().ToArray();
        for (var i = 0; i < profiles.Length; i++)
        {
            ref var slot = ref table.Get(profiles[i]);
            (slot.Run, slot.Row) = (1, (ulong)i);
        }

        Assert.Equal(profiles.Length, table.Count);
        for (var i = 0; i < profiles.Length; i++)
            Assert.Equal((ulong)i, table.Peek(profiles[i]).Row);
        Assert.Equal(0, table.Peek(~profiles[0]).Run);
    }
}
