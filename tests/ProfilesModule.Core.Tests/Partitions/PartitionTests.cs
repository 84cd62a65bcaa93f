using System.Globalization;
using System.Text;
using CsCheck;
using ProfilesModule.Core.Tests.Rules;
using ProfilesModule.Model;

namespace ProfilesModule.Core.Tests.Partitions;

public sealed class PartitionTests
{
    private const int Ids = 1_000_000;

    /// <summary>Kinds of identifiers, most of which differ by little.</summary>
    public static TheoryData<string, Func<int, string>> Kinds => new()
    {
        { "numbers", i => i.ToString(CultureInfo.InvariantCulture) },
        { "large numbers", i => (7_300_000_000_000 + (i * 16L)).ToString(CultureInfo.InvariantCulture) },
        { "padded numbers", i => $"user-{i:d7}" },
        { "hexadecimal numbers", i => $"{i:x8}" },
        { "addresses", i => $"ann.{i}@example.com" },
        { "UUIDs", i => new Guid(i, (short)(i * 31), (short)(i * 17), BitConverter.GetBytes(i * 2_654_435_761L)).ToString() },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_million_identifiers_are_spread_evenly(string kind, Func<int, string> id)
    {
        var sums = Enumerable.Range(0, Ids).Select(i => Crc32.Of(Encoding.UTF8.GetBytes(id(i)))).ToArray();
        foreach (var count in (int[])[2, 3, 4, 5, 7, 8, 10, 12, 16])
        {
            var sizes = new int[count];
            foreach (var sum in sums)
                sizes[sum % (uint)count]++;
            var even = (double)Ids / count;
            Assert.All(sizes, size => Assert.True(Math.Abs(size - even) <= even * 0.02, $"{kind}, {count}: {size}"));
        }
    }

    [Fact]
    public void The_partition_of_an_identifier_is_the_same_in_every_version()
    {
        var lines = File.ReadAllLines(Path.Combine(RuleDocumentTests.Root(), "tests", "ProfilesModule.Core.Tests", "Partitions", "partitions.txt"));
        Assert.Equal(1000, lines.Length);
        Assert.All(lines, line =>
        {
            var fields = line.Split('\t');
            var id = Encoding.UTF8.GetBytes(fields[3]);
            foreach (var (number, count) in fields.Zip([16, 100, 1_000_003]))
                Assert.True(new Partition(int.Parse(number, CultureInfo.InvariantCulture), count).Has(id), $"{fields[3]} of {count}");
        });
    }

    [Fact]
    public void The_hash_is_that_of_others() => Gen.Byte.Array[0, 70].Sample(bytes => Crc32.Of(bytes) == System.IO.Hashing.Crc32.HashToUInt32(bytes));

    [Fact]
    public void A_row_is_in_one_partition() => Gen.Select(Gen.String, Gen.Int[1, 50]).Sample((id, count) =>
        Enumerable.Range(0, count).Count(number => new Partition(number, count).Has(Encoding.UTF8.GetBytes(id))) == 1);

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("\u00A0")]
    public void A_row_without_an_identifier_is_in_the_first_partition(string id)
    {
        Assert.True(new Partition(0, 7).Has(Encoding.UTF8.GetBytes(id)));
        Assert.False(new Partition(3, 7).Has(Encoding.UTF8.GetBytes(id)));
    }
}
