using System.Text;
using System.Text.Json;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>
/// The cases of csv-spectrum 2.0.0 (npm), what parsers of CSV commonly get wrong, made anew with data of our own: each file with
/// the records that it is read as, compared as the embedded service has them stored.
/// </summary>
public sealed class CsvSpectrumTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();

    /// <summary>The case, the file, what says how it is read beyond the defaults, its records.</summary>
    public static TheoryData<string, string, string, string> Cases => new()
    {
        { "comma_in_quotes", "given,family,street,town,code\nAda,Berg,7 Elm Rd.,\"Linz, OÖ\",04020\n", "", """[{"given":"Ada","family":"Berg","street":"7 Elm Rd.","town":"Linz, OÖ","code":"04020"}]""" },
        { "empty", "x,y,z\n8,\"\",\"\"\n9,5,6", "-EmptyCell Empty", """[{"x":"8","y":"","z":""},{"x":"9","y":"5","z":"6"}]""" },
        { "empty_crlf", "x,y,z\r\n8,\"\",\"\"\r\n9,5,6", "-EmptyCell Empty", """[{"x":"8","y":"","z":""},{"x":"9","y":"5","z":"6"}]""" },
        { "escaped_quotes", "x,y\n8,\"so \"\"they\"\" say\"\n9,5\n", "", """[{"x":"8","y":"so \"they\" say"},{"x":"9","y":"5"}]""" },
        { "json", "name,value\n8,\"{\"\"kind\"\": \"\"Line\"\", \"\"ends\"\": [-3.0, 4.5]}\"\n", "", """[{"name":"8","value":"{\"kind\": \"Line\", \"ends\": [-3.0, 4.5]}"}]""" },
        { "location_coordinates", "Phone Number,Where It Is,Town,Land\n5550100,48\uFFFD12'30.5\"N 16\uFFFD22'21.0\"E,Wien,Austria", "-QuoteMode Lenient", """[{"Phone Number":"5550100","Where It Is":"48\uFFFD12'30.5\"N 16\uFFFD22'21.0\"E","Town":"Wien","Land":"Austria"}]""" },
        { "newlines", "x,y,z\n8,2,3\n\"First one \nthen another\",5,6\n7,0,9\n", "", """[{"x":"8","y":"2","z":"3"},{"x":"First one \nthen another","y":"5","z":"6"},{"x":"7","y":"0","z":"9"}]""" },
        { "newlines_crlf", "x,y,z\r\n8,2,3\r\n\"First one \r\nthen another\",5,6\r\n7,0,9\r\n", "", """[{"x":"8","y":"2","z":"3"},{"x":"First one \r\nthen another","y":"5","z":"6"},{"x":"7","y":"0","z":"9"}]""" },
        { "quotes_and_newlines", "x,y\n8,\"so \n\"\"they\"\" \nsay\"\n9,5\n", "", """[{"x":"8","y":"so \n\"they\" \nsay"},{"x":"9","y":"5"}]""" },
        { "simple", "x,y,z\n8,2,3\n", "", """[{"x":"8","y":"2","z":"3"}]""" },
        { "simple_crlf", "x,y,z\r\n8,2,3\r\n", "", """[{"x":"8","y":"2","z":"3"}]""" },
        { "utf8", "x,y,z\n8,2,3\n9,5,ʒ", "", """[{"x":"8","y":"2","z":"3"},{"x":"9","y":"5","z":"ʒ"}]""" },
    };

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_case_is_stored_as_its_records_say(string name, string text, string parameters, string records)
    {
        // The first column is the identifier, and so none of the properties.
        var expected = JsonDocument.Parse(records).RootElement.EnumerateArray().Select(record => record.EnumerateObject().ToArray()).ToArray();
        var path = _folder.Write($"{name}.csv", text, new UTF8Encoding(false));
        var ids = expected.Select(record => record[0].Value.GetString()).ToArray();
        var result = _session.Run($"$null = Start-UserProfileServer; $null = Import-UserProfileCsv $path -IdentifierColumn 1 {parameters}; Get-UserProfile $ids", new { path, ids }).Succeeded();
        Assert.Equal(
            expected.Select(record => string.Join('|', record.Select(p => p.Value.GetString()))),
            result.Output.Select(profile => string.Join('|', ((System.Collections.IDictionary)profile.Properties["Properties"].Value).Values.Cast<object>().Prepend(profile.Properties["DistinctId"].Value))));
        Assert.All(
            result.Output.Zip(expected),
            pair => Assert.Equal(pair.Second.Skip(1).Select(p => p.Name), ((System.Collections.IDictionary)pair.First.Properties["Properties"].Value).Keys.Cast<string>()));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_rule_finds_anything_in_a_case_that_is_whole(string name, string text, string parameters, string records)
    {
        // The degree signs of this one were lost before it became a case.
        string[] found = name == "location_coordinates" ? ["DamagedText"] : [];
        var path = _folder.Write($"{name}.csv", text, new UTF8Encoding(false));
        var result = _session.Run($"Test-UserProfile $path -IdentifierColumn 1 -Strict {parameters}", new { path });
        Assert.Equal(found, result.Output.SkipLast(1).Select(finding => finding.Properties["Rule"].Value.ToString()));
        Assert.Empty(result.Warnings);
        Assert.Equal((long)JsonDocument.Parse(records).RootElement.GetArrayLength(), result.Output[^1].Properties["Read"].Value);
    }

    [Theory]
    [InlineData("1,5'11\"", "5'11\"")]
    [InlineData("1, \"a\"", " \"a\"")]
    [InlineData("1,a\"\"b", "a\"\"b")]
    [InlineData("1,a\"b\"", "a\"b\"")]
    public void Quotes_inside_a_field_without_quotes_are_text_where_the_user_says_so(string row, string value)
    {
        var path = _folder.Write("a.csv", $"distinct_id,v\n{row}\n");
        Assert.Equal("MalformedQuotes", _session.Run("$null = Start-UserProfileServer; Import-UserProfileCsv $path", new { path }).Errors.Single().FullyQualifiedErrorId.Split(',')[0]);
        var result = _session.Run("$null = Start-UserProfileServer; $null = Import-UserProfileCsv $path -QuoteMode Lenient; (Get-UserProfile 1).v", new { path }).Succeeded();
        Assert.Equal(value, Assert.Single(result.Output).BaseObject);
    }

    [Theory]
    [InlineData("1,a\"b,\"c\"d", "closing quote")]
    [InlineData("1,a\"b,\"\"c", "closing quote")]
    [InlineData("1,a\"b,\"c\"\"d", "never closed")]
    [InlineData("1,a\"b,\"", "never closed")]
    [InlineData("1,\"a\"b,c\"d", "closing quote")]
    public void Fields_that_begin_with_a_quote_have_to_end_with_one_all_the_same(string row, string problem)
    {
        var path = _folder.Write("a.csv", $"distinct_id,v,w\n{row}\n");
        var result = _session.Run("$null = Start-UserProfileServer; Import-UserProfileCsv $path -QuoteMode Lenient", new { path });
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("MalformedQuotes,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Matches($@"^a\.csv, line 2: .*{problem}", error.ToString());
    }
}
