using CsCheck;
using ProfilesModule.Delivery;
using ProfilesModule.Sources;

namespace ProfilesModule.Core.Tests.Sources;

[Collection(nameof(CsvAllocationTests))]
public sealed class IdentifierSetTests
{
    [Fact]
    public void What_was_added_before_is_known() =>
        Gen.Select(Gen.Int[0, 40_000], Gen.ULong[1, 60_000], Gen.ULong).Sample((count, identifiers, seed) =>
        {
            var (set, noted, model) = (new IdentifierSet(), new IdentifierSet(), new HashSet<ulong>());
            var random = new Random((int)seed);
            for (var i = 0; i < count; i++)
            {
                // Some come often and some once, close together and anywhere.
                var hash = seed + ((ulong)random.NextInt64() % identifiers);
                Assert.Equal(model.Add(hash), set.Add(hash));
                noted.Note(hash);
                if (i % 1000 == 0)
                    Assert.Equal(set.Repeated, noted.Repeated);
            }

            Assert.Equal(count - model.Count, set.Repeated);
            Assert.Equal(set.Repeated, noted.Repeated);
        }, iter: 50, threads: 1);

    [Theory]
    [InlineData(100_000)]
    [InlineData(700_000)]
    public void Nothing_is_left_behind_where_the_set_grew(int count)
    {
        var set = new IdentifierSet();
        set.Add(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1UL; i < (ulong)count; i++)
            set.Add(i);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / (double)count, 0, 10);
    }

    [Fact]
    public void A_million_identifiers_take_little_memory_and_are_told_apart()
    {
        const int Count = 1_000_000;
        var set = new IdentifierSet();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Span<byte> id = stackalloc byte[12];
        for (var i = 0; i < Count; i++)
        {
            i.TryFormat(id, out var length);
            set.Add(ProfileHash.Of(id[..length]));
        }

        Assert.InRange(set.Repeated, 0, 2);
        Assert.InRange((GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Count, 0, 10);
        for (var i = 0; i < Count; i++)
        {
            i.TryFormat(id, out var length);
            Assert.False(set.Add(ProfileHash.Of(id[..length])));
        }
    }
}
