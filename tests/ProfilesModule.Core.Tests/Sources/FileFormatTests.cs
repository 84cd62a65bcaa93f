using System.Text;
using ProfilesModule.Csv;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Core.Tests.Sources;

public sealed class FileFormatTests
{
    [Theory]
    [InlineData("504B0304", "ZIP")]
    [InlineData("D0CF11E0A1B11AE1", "Excel 97")]
    [InlineData("504152311504", "Parquet")]
    [InlineData("4F626A01", "Avro")]
    [InlineData("425A6839314159265359", "bzip2")]
    [InlineData("FD377A585A00", "xz")]
    [InlineData("04224D18", "LZ4")]
    [InlineData("255044462D312E37", "PDF")]
    public void A_file_that_is_no_text_is_told_by_its_first_bytes(string start, string name) =>
        Assert.Contains(name, FileFormat.Of(Convert.FromHexString(start))!.Name, StringComparison.Ordinal);

    [Theory]
    [InlineData("xl/workbook.xml", "Excel")]
    [InlineData("[Content_Types].xml", "Excel")]
    [InlineData("mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument")]
    [InlineData("users.csv", "ZIP")]
    public void A_zip_file_is_told_by_the_first_file_in_it(string first, string name) =>
        Assert.Contains(name, FileFormat.Of([.. "PK"u8, 3, 4, .. new byte[26], .. Encoding.ASCII.GetBytes(first)])!.Name, StringComparison.Ordinal);

    [Fact]
    public void A_tar_archive_is_told_behind_the_first_name() =>
        Assert.Contains("tar", FileFormat.Of([.. "users.csv"u8, .. new byte[248], .. "ustar"u8, 0])!.Name, StringComparison.Ordinal);

    // Names of columns that begin as a format does.
    [Theory]
    [InlineData("PK,plan\n1,a\n")]
    [InlineData("PAR1,plan\n1,a\n")]
    [InlineData("Objekt,plan\n1,a\n")]
    [InlineData("BZh9,plan\n1,a\n")]
    [InlineData("Rar!,plan\n1,a\n")]
    [InlineData("[id],[plan]\n1,a\n")]
    [InlineData("{id},plan\n1,a\n")]
    [InlineData("sep=x,plan\n1,a\n")]
    [InlineData("sep,plan\n1,a\n")]
    public void A_header_that_only_begins_like_one_is_read(string text)
    {
        using var reader = Open(Encoding.UTF8.GetBytes(text));
        Assert.Equal(text.Split('\n')[0].Split(','), reader.Header);
    }

    [Theory]
    [InlineData("[{\"id\": 1}]", "JSON")]
    [InlineData("\uFEFF{ \"id\": 1 }", "JSON")]
    [InlineData("<?xml version=\"1.0\"?>", "XML")]
    [InlineData("<!DOCTYPE html><html>", "HTML")]
    [InlineData("\r\n<TABLE border=1>", "HTML")]
    [InlineData("sep=;\r\nid;plan\r\n", "sep=;")]
    [InlineData("\"sep=|\"\nid|plan\n", "sep=|")]
    [InlineData("SEP=\t\nid\tplan\n", "sep=\t")]
    public void Other_text_than_the_dialect_says_is_told(string text, string name) =>
        Assert.Contains(name, Assert.Throws<WrongFormatException>(() => Open(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(false, "-Encoding unicode.")]
    [InlineData(true, "-Encoding bigendianunicode.")]
    public void Utf_16_without_a_mark_is_told_and_read_as_it_is_told(bool bigEndian, string remedy)
    {
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: false);
        var bytes = encoding.GetBytes("id,plan\n1,é\n");
        Assert.EndsWith(remedy, Assert.Throws<WrongFormatException>(() => Open(bytes)).Remedy, StringComparison.Ordinal);
        using var reader = Open(bytes, new() { Encoding = encoding });
        Assert.Equal(["1,é"], Records(reader));
    }

    [Theory]
    [InlineData("sep=;\r\nid;plan\r\n1;a\r\n", "utf-8", 3)]
    [InlineData("\uFEFFsep=;\nid;plan\n1;a\n", "utf-8", 3)]
    [InlineData("\uFEFF\"sep=;\"\nid;plan\n1;a\n", "utf-16", 3)]
    [InlineData("\uFEFF\uFEFFid;plan\n1;a\n", "utf-8", 2)]
    [InlineData("\uFEFF\uFEFF\uFEFFid;plan\n1;a\n", "utf-16BE", 2)]
    [InlineData("\uFEFFsep=;\n\uFEFF\uFEFFid;plan\n1;a\n", "utf-8", 3)]
    public void What_stands_before_the_header_is_passed_over(string text, string encoding, int line)
    {
        using var reader = Open(Encoding.GetEncoding(encoding).GetBytes(text), new() { Delimiter = ';' });
        Assert.Equal(["id", "plan"], reader.Header);
        Assert.True(reader.Read());
        Assert.Equal(("1;a", line), (Encoding.UTF8.GetString(reader.RawRecord), reader.LineNumber));
    }

    private static List<string> Records(ICsvReader reader)
    {
        var records = new List<string>();
        while (reader.Read())
            records.Add(Encoding.UTF8.GetString(reader.RawRecord));
        return records;
    }

    private static ICsvReader Open(byte[] bytes, CsvDialect? dialect = null) => new CsvFormat().Open(new MemoryStream(bytes), dialect ?? new());
}
