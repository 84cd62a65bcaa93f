using System.Text;
using ProfilesModule.Core.Tests.Server;
using ProfilesModule.Csv;
using ProfilesModule.Sources;

namespace ProfilesModule.Core.Tests.Sources;

/// <summary>How a file seems to be written.</summary>
public sealed class CsvFormTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("id,name\n1,a\n2,b\n", ',', true)]
    [InlineData("id;price\n1;1,50\n2;2,25\n", ';', true)]
    [InlineData("id\tnote\n1\ta, b\n2\tc, d\n", '\t', true)]
    [InlineData("id|note\n1|a;b\n", '|', true)]
    [InlineData("id;note\n1;\"a,b,c\nd,e,f\"\n2;x\n", ';', true)]
    [InlineData("u1,Ada,ada@example.com\nu2,Alan,alan@example.com\n", ',', false)]
    [InlineData("1001,Ada\n1002,Alan\n", ',', false)]
    [InlineData("Ada,true\nAlan,false\n", ',', false)]
    [InlineData("Ada,\nAlan,x\n", ',', false)]
    [InlineData("a,a\nb,c\n", ',', false)]
    [InlineData("name\nAda\n", ',', true)]
    public void The_delimiter_and_the_header_are_told_by_the_first_rows(string text, char delimiter, bool hasHeader) =>
        Assert.Equal(new(null, delimiter, hasHeader), Of(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void The_encoding_is_told_by_the_bytes()
    {
        const string Text = "id,name\n1,Zoë\n";
        Assert.Null(Of([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Text)]).Encoding);
        Assert.Null(Of([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Text)]).Encoding);
        Assert.Equal(new("unicode", ',', true), Of(Encoding.Unicode.GetBytes(Text)));
        Assert.Equal(new("bigendianunicode", ',', true), Of(Encoding.BigEndianUnicode.GetBytes(Text)));
        Assert.Equal(new("1252", ',', true), Of(Encoding.Latin1.GetBytes(Text)));
    }

    [Fact]
    public void A_character_that_the_beginning_of_a_file_ends_within_is_not_taken_for_another_encoding()
    {
        foreach (var shift in Enumerable.Range(0, 4))
            Assert.Null(Of(Encoding.UTF8.GetBytes($"id,name\n{new string('1', shift)},{string.Concat(Enumerable.Repeat("😀", 20_000))}\n")).Encoding);
    }

    private CsvForm Of(byte[] content)
    {
        var path = _folder.File("users.csv");
        File.WriteAllBytes(path, content);
        return CsvForm.Of(new CsvFormat(), path);
    }
}
