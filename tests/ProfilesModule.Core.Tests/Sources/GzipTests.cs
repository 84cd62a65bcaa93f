using System.IO.Compression;
using System.Text;
using CsCheck;
using ProfilesModule.Core.Tests.Server;
using ProfilesModule.Csv;
using ProfilesModule.Sources;

namespace ProfilesModule.Core.Tests.Sources;

public sealed class GzipTests : IDisposable
{
    private const string Damaged = "gzip";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_table_comes_back_from_any_number_of_members() => Gen.Select(CsvTable.Any, Gen.Int[0, 400].Array[0, 4]).Sample(
        (table, cuts) =>
        {
            var bytes = (table with { IsCompressed = false }).Write().Bytes;
            var members = new MemoryStream();
            var start = 0;
            foreach (var end in cuts.Select(cut => Math.Min(cut, bytes.Length)).Order().Append(bytes.Length))
            {
                members.Write(Compressed(bytes[start..end]));
                start = end;
            }

            using var reader = Open(members.ToArray(), table.Dialect);
            Assert.Equal(table.Header, reader.Header);
            Assert.Equal(table.Rows, Records(reader));
        },
        iter: 500,
        threads: 1);

    [Theory]
    [InlineData(CompressionLevel.SmallestSize)]
    [InlineData(CompressionLevel.NoCompression)]
    public void A_file_that_was_cut_off_anywhere_is_an_error_and_gives_no_row_that_it_does_not_have(CompressionLevel level)
    {
        var text = "id,v\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"{i},value {i * 7919}\n"));
        var whole = Compressed(Encoding.UTF8.GetBytes(text), level);
        using (var reader = Open(whole))
            Assert.Equal(60, Records(reader).Count);
        for (var length = 3; length < whole.Length; length++)
        {
            var rows = new List<string>();
            var broken = Assert.Throws<InvalidDataException>(() =>
            {
                using var reader = Open(whole[..length]);
                while (reader.Read())
                    rows.Add(Encoding.UTF8.GetString(reader.RawRecord));
            });
            Assert.Contains(Damaged, broken.Message, StringComparison.Ordinal);
            Assert.Equal(text.Split('\n')[1..(rows.Count + 1)], rows);
        }
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_the_data_is_an_error_or_changes_nothing()
    {
        var whole = Compressed(Encoding.UTF8.GetBytes("id,v\n1,a\n2,b\n3,some more of it\n"));
        var harmless = 0;
        for (var bit = 24; bit < whole.Length * 8; bit++)
        {
            var damaged = whole.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                // Some bits mean nothing: the time in the header, the last ones of the data's last byte.
                using var reader = Open(damaged);
                Assert.Equal([["1", "a"], ["2", "b"], ["3", "some more of it"]], Records(reader));
                harmless++;
            }
            catch (InvalidDataException e)
            {
                Assert.Contains(Damaged, e.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(harmless, 1, 64);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0102030405")]
    [InlineData("1F8B")]
    [InlineData("312C610A")]
    public void What_follows_the_compressed_data_is_not_passed_over(string behind)
    {
        byte[] file = [.. Compressed("id,v\n1,a\n"u8.ToArray()), .. Convert.FromHexString(behind)];
        Assert.Contains(Damaged, Assert.Throws<InvalidDataException>(() => Open(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_of_any_length_follow_one_another()
    {
        var random = new Random(5);
        for (var length = 8150; length < 8250; length++)
        {
            // As long as what is read at once, a little less and a little more.
            var first = new byte[length];
            for (var i = 0; i < length; i++)
                first[i] = (byte)('a' + random.Next(26));
            var member = Compressed([.. "v\n"u8, .. first, (byte)'\n'], CompressionLevel.NoCompression);
            using var reader = Open([.. member, .. Compressed("last\n"u8.ToArray())]);
            Assert.Equal([[Encoding.ASCII.GetString(first)], ["last"]], Records(reader));
        }
    }

    [Fact]
    public void The_position_is_that_in_the_file_on_disk()
    {
        var whole = Compressed(Encoding.UTF8.GetBytes("id,v\n" + string.Concat(Enumerable.Range(1, 200_000).Select(i => $"{i},value {i}\n"))));
        using var reader = Open(whole);
        var positions = new List<long>();
        while (reader.Read())
            positions.Add(reader.Position);
        Assert.Equal(positions.Order(), positions);
        Assert.InRange(positions[0], 1, whole.Length / 2);
        Assert.Equal(whole.Length, positions[^1]);
    }

    [Fact]
    public void An_empty_member_is_an_empty_file() => Assert.Empty(Open(Compressed([])).Header);

    private static byte[] Compressed(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        var member = new MemoryStream();
        using (var gzip = new GZipStream(member, level))
            gzip.Write(content);
        return member.ToArray();
    }

    private static List<string[]> Records(ICsvReader reader)
    {
        var records = new List<string[]>();
        while (reader.Read())
            records.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Encoding.UTF8.GetString(reader.Field(i)))]);
        return records;
    }

    private ICsvReader Open(byte[] bytes, CsvDialect? dialect = null)
    {
        var path = _folder.File("users.csv");
        File.WriteAllBytes(path, bytes);
        return new CsvFormat().Open(path, dialect ?? new());
    }
}
