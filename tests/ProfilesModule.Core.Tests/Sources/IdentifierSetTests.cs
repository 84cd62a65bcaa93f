using CsCheck;
using ProfilesModule.Delivery;
using ProfilesModule.Sources;

namespace ProfilesModule.Core.Tests.Sources;

[Collection(nameof(CsvAllocationTests))]
public sealed class IdentifierSetTests
{
    [Fact]
    public void What_was_added_before_is_known() => Gen.ULong[0, 500].Array[0, 2000].Sample(hashes =>
    {
        var (set, model) = (new IdentifierSet(), new HashSet<ulong>());
        foreach (var hash in hashes)
            Assert.Equal(model.Add(hash), set.Add(hash));
        Assert.Equal(hashes.Length - model.Count, set.Repeated);
    }, iter: 50, threads: 1);

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
