using System.Text;
using ProfilesModule.Csv;
using ProfilesModule.Core.Tests.Server;

namespace ProfilesModule.Core.Tests.Sources;

public sealed class ByteOrderMarkTests
{
    [Fact]
    public void Split_keeps_a_mark_that_begins_a_record_inside_the_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.csv");
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes("a,b\n\uFEFFx,y\n"));
        using var reader = new CsvFormat().Open(path, new());
        Assert.True(reader.Read());
        Assert.Equal("\uFEFFx", Encoding.UTF8.GetString(reader.Field(0)));
        Assert.Equal(["\uFEFFx", "y"], new CsvFormat().Split(reader.RawRecord.ToArray(), new()));
    }

    [Theory]
    [InlineData(0xFF, 0xFE)]
    [InlineData(0xFE, 0xFF)]
    public void Split_of_a_record_of_other_bytes_keeps_its_fields(byte first, byte second)
    {
        Assert.Equal(3, new CsvFormat().Split(new byte[] { first, second, (byte)'a', (byte)',', (byte)'1', (byte)',', (byte)'2' }, new()).Count);
    }
}
