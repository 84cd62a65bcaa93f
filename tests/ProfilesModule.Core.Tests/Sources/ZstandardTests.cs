using System.Text;
using ProfilesModule.Core.Tests.Server;
using ProfilesModule.Csv;
using ProfilesModule.Sources;
using ZstdSharp;

namespace ProfilesModule.Core.Tests.Sources;

public sealed class ZstandardTests : IDisposable
{
    private const string Damaged = "Zstandard";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    public void Rows_come_back_from_any_number_of_frames(int frames)
    {
        var bytes = Encoding.UTF8.GetBytes("id,v\n" + string.Concat(Enumerable.Range(1, 5000).Select(i => $"{i},value {i * 7919}\n")));
        var file = bytes.Chunk((bytes.Length / frames) + 1).SelectMany(part => Compressed(part)).ToArray();
        using var reader = Open(file);
        Assert.Equal(["id", "v"], reader.Header);
        Assert.Equal(Enumerable.Range(1, 5000).Select(i => $"{i},value {i * 7919}"), Records(reader));
        Assert.Equal(file.Length, reader.Position);
    }

    [Fact]
    public void A_frame_that_is_to_be_skipped_is_skipped()
    {
        byte[] skipped = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        using var reader = Open([.. skipped, .. Compressed("id,v\n1,a\n"u8.ToArray()), .. skipped]);
        Assert.Equal(["1,a"], Records(reader));
    }

    [Fact]
    public void A_file_that_was_cut_off_anywhere_is_an_error_and_gives_no_row_that_it_does_not_have()
    {
        var lines = Enumerable.Range(1, 60).Select(i => $"{i},value {i * 7919}").ToArray();
        var whole = Compressed(Encoding.UTF8.GetBytes("id,v\n" + string.Join('\n', lines) + "\n"));
        for (var length = 4; length < whole.Length; length++)
        {
            var rows = new List<string>();
            var broken = Assert.Throws<InvalidDataException>(() =>
            {
                using var reader = Open(whole[..length]);
                while (reader.Read())
                    rows.Add(Encoding.UTF8.GetString(reader.RawRecord));
            });
            Assert.Contains(Damaged, broken.Message, StringComparison.Ordinal);
            Assert.Equal(lines[..rows.Count], rows);
        }
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0102030405")]
    [InlineData("28B5")]
    [InlineData("312C610A")]
    public void What_follows_the_compressed_data_is_not_passed_over(string behind)
    {
        byte[] file = [.. Compressed("id,v\n1,a\n"u8.ToArray()), .. Convert.FromHexString(behind)];
        var broken = Assert.Throws<InvalidDataException>(() =>
        {
            using var reader = Open(file);
            Records(reader);
        });
        Assert.Contains(Damaged, broken.Message, StringComparison.Ordinal);
    }

    private static byte[] Compressed(byte[] content)
    {
        using var compressor = new Compressor();
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return compressor.Wrap(content).ToArray();
    }

    private static List<string> Records(ICsvReader reader)
    {
        var records = new List<string>();
        while (reader.Read())
            records.Add(Encoding.UTF8.GetString(reader.RawRecord));
        return records;
    }

    private ICsvReader Open(byte[] bytes)
    {
        var path = _folder.File("users.csv");
        File.WriteAllBytes(path, bytes);
        return new CsvFormat().Open(path, new());
    }
}
