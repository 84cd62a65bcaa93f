using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Values;

/// <summary>Dates, numbers and lists as databases and other programs write them in CSV files.</summary>
public sealed class DatabaseValueTests : ConnectedTests
{
    [Theory]
    [InlineData("Date", "2023-01-05 10:11:12+00", "\"2023-01-05T10:11:12\"")]
    [InlineData("Date", "2023-01-05 10:11:12.5+02", "\"2023-01-05T08:11:12\"")]
    [InlineData("Date", "2023-01-05 10:11:12-05", "\"2023-01-05T15:11:12\"")]
    [InlineData("Date", "2023-01-05 10:11:12.345678 UTC", "\"2023-01-05T10:11:12\"")]
    [InlineData("Date", " 2023-01-05 10:11:12 UTC ", "\"2023-01-05T10:11:12\"")]
    [InlineData("Date", "2023-01-05T10:11:12.123456789Z", "\"2023-01-05T10:11:12\"")]
    [InlineData("Date", "2023-01-05 10:11:12.123456789 +0200", "\"2023-01-05T08:11:12\"")]
    [InlineData("Date", "2023-01-05 10:11:12.000000000000", "\"2023-01-05T10:11:12\"")]
    [InlineData("Date", "2023-01-05 10:11:12+05:30", "\"2023-01-05T04:41:12\"")]
    [InlineData("Date", "2023-01-05 10:11:12 CET", null)]
    [InlineData("Date", "2023-01-05 10:11:12+0", null)]
    [InlineData("Date", "2023-01-05 10:11:12+99", null)]
    [InlineData("Date", "2023-01-05 UTC", null)]
    [InlineData("Date", "1672913472", null)]
    [InlineData("UnixSeconds", "1672913472", "\"2023-01-05T10:11:12\"")]
    [InlineData("UnixSeconds", "1672913472.987654", "\"2023-01-05T10:11:12\"")]
    [InlineData("UnixSeconds", "-1", "\"1969-12-31T23:59:59\"")]
    [InlineData("UnixSeconds", "1672913472000", null)]
    [InlineData("UnixSeconds", "2023-01-05", null)]
    [InlineData("UnixSeconds", "1672913472.", null)]
    [InlineData("UnixSeconds", "1.6729E+9", null)]
    [InlineData("UnixMilliseconds", "1672913472000", "\"2023-01-05T10:11:12\"")]
    [InlineData("UnixMilliseconds", "864000000", "\"1970-01-11T00:00:00\"")]
    [InlineData("UnixMilliseconds", "1672913472", null)]
    [InlineData("UnixMilliseconds", "999999999999999999", null)]
    [InlineData("List", "\"VIP\";\"News; weekly\"", "[\"VIP\",\"News; weekly\"]")]
    [InlineData("List", "a; \"b \"\"c\"\"\" ;d", "[\"a\",\"b \\\"c\\\"\",\"d\"]")]
    [InlineData("List", "{a,b,\"c d\"}", "[\"a\",\"b\",\"c d\"]")]
    [InlineData("List", "{\"a,\\\"b\\\\\",NULL,\"NULL\"}", "[\"a,\\\"b\\\\\",\"NULL\"]")]
    [InlineData("List", "{}", "[]")]
    [InlineData("List", "{a};{b}", "[\"{a}\",\"{b}\"]")]
    [InlineData("List", "24\" monitor;5\" nails", "[\"24\\\" monitor\",\"5\\\" nails\"]")]
    [InlineData("List", "the \"A\" team;b", "[\"the \\\"A\\\" team\",\"b\"]")]
    [InlineData("List", "\"A\" team;b", "[\"\\\"A\\\" team\",\"b\"]")]
    [InlineData("List", "\"A;B\" team", null)]
    [InlineData("List", "\"a;b", null)]
    [InlineData("List", "{\"a\":1}", null)]
    [InlineData("List", "['a', 'b']", null)]
    public void A_cell_is_what_its_program_meant_or_refused(string type, string cell, string? sent)
    {
        var result = Import($"distinct_id,v\n1,\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n", $"-PropertyType @{{ v = '{type}' }}");
        if (sent is not null)
        {
            Assert.Equal($"{{\"v\":{sent}}}", Service.Profiles["1"].GetRawText());
            return;
        }

        Assert.Contains(type == "List" ? "in double quotes" : "requires", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
        Assert.Empty(Service.Profiles);
    }

    [Fact]
    public void Decimals_that_are_all_as_long_are_numbers_also_from_a_reject_file()
    {
        Service.Answer = (_, records) => Task.FromResult<(int, string)?>(records[0].GetProperty("$distinct_id").GetString() == "2" ? (200, "{\"status\":0,\"error\":\"no\"}") : null);
        var rejects = Folder.File("bad.csv");
        Import($"distinct_id,mrr\n1,12.50\n2,1200.00\n", $"-InferType -BatchSize 1 -RejectPath '{rejects}'");
        Assert.Equal("{\"mrr\":12.50}", Service.Profiles["1"].GetRawText());
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        Session.Run("Import-UserProfileCsv $rejects -InferType", new { rejects }).Succeeded();
        Assert.Equal("{\"mrr\":1200.00}", Service.Profiles["2"].GetRawText());
    }

    [Theory]
    [InlineData("1672913472")]
    [InlineData("1672913472000")]
    public void A_column_of_counted_times_is_read_as_advised(string cell)
    {
        var text = $"distinct_id,v\n1,{cell}\n";
        var advice = Assert.Single(Import(text, "-PropertyType @{ v = 'Date' }").Errors).ErrorDetails.RecommendedAction;
        Import(text, advice[advice.IndexOf('-')..].TrimEnd('.')).Succeeded();
        Assert.Equal("{\"v\":\"2023-01-05T10:11:12\"}", Service.Profiles["1"].GetRawText());
    }

    [Fact]
    public void A_later_number_of_another_form_is_refused()
    {
        var result = Import("distinct_id,v\n" + string.Concat(Enumerable.Range(1, 1000).Select(i => $"{i},1.10\n")) + "x,1.100\ny,1.20\nz,1.5\n", "-InferType");
        Assert.Contains("line 1002", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
        Assert.Equal("{\"v\":1.5}", Service.Profiles["z"].GetRawText());
    }

    private ScriptResult Import(string text, string parameters) =>
        Session.Run($"Import-UserProfileCsv $path {parameters}", new { path = Folder.Write("a.csv", text) });
}
