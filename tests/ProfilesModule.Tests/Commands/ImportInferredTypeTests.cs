using System.Management.Automation;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Types that the first rows of a file speak for.</summary>
public sealed class ImportInferredTypeTests : ConnectedTests
{
    [Theory]
    [InlineData("1|20|-3|0", "Number")]
    [InlineData("1.5|-0.25|3", "Number")]
    [InlineData("123456789012345", "Number")]
    [InlineData("1||2", "Number")]
    [InlineData("1234567890123456", "Text")]
    [InlineData("1|007", "Text")]
    [InlineData("1|00", "Text")]
    [InlineData("1|+2", "Text")]
    [InlineData("1|-0", "Text")]
    [InlineData("1.1|1.10", "Text")]
    [InlineData("12.50|1200.00|-0.10", "Number")]
    [InlineData("12.50|1200.00|7", "Text")]
    [InlineData("1.10|01.10", "Text")]
    [InlineData("2023-01-05 10:11:12+00|2023-01-05 10:11:12.5+02", "Date")]
    [InlineData("2023-01-05 10:11:12 UTC|2023-01-05 10:11:12.123456789 UTC", "Date")]
    [InlineData("1.", "Text")]
    [InlineData(".5", "Text")]
    [InlineData("1e5", "Text")]
    [InlineData("1,5", "Text")]
    [InlineData("1| 2", "Text")]
    [InlineData("1|-", "Text")]
    [InlineData("1|x", "Text")]
    [InlineData("-01.5", "Text")]
    [InlineData("true|FALSE|False", "Boolean")]
    [InlineData("true|yes", "Text")]
    [InlineData("0|1", "Number")]
    [InlineData("true|1", "Text")]
    [InlineData("2026-01-31|2026-02-01T12:00:00Z|2026-02-01 12:00", "Date")]
    [InlineData("2026-01-31|2026-02-30", "Text")]
    [InlineData("20260131|20260201", "Number")]
    [InlineData("31.01.2026", "Text")]
    [InlineData("1/2/2026", "Text")]
    [InlineData("||", "Text")]
    [InlineData("a;b", "Text")]
    [InlineData("[1]", "Text")]
    public void A_column_has_the_type_that_all_its_cells_speak_for(string cells, string type)
    {
        var rows = cells.Split('|');
        var result = Import("v\n" + string.Concat(rows.Select(c => $"\"{c}\"\n")), "-InferType");
        var told = type == "Text" ? "every column is read as text" : $"read as {type}: 'v', other columns as text";
        Assert.Equal($"a.csv: {told}.", result.Information[0]);
        result.Succeeded();
        var kinds = Service.Profiles.Values.Where(p => p.TryGetProperty("v", out _)).Select(p => p.GetProperty("v").ValueKind.ToString()).Distinct();
        Assert.All(kinds, kind => Assert.Contains(kind, type switch { "Number" => ["Number"], "Boolean" => ["True", "False"], _ => (string[])["String"] }));
    }

    [Theory]
    [InlineData("1|n/a|2|x", 3)]
    [InlineData("n/a|1|2", 2)]
    [InlineData("||true|1", 5)]
    [InlineData("1|007", 3)]
    [InlineData("1.1|1.10", 3)]
    [InlineData("2026-01-31|31.01.2026", 3)]
    [InlineData("pro|free|1a", 0)]
    [InlineData("007|08", 0)]
    [InlineData("||", 0)]
    [InlineData("1|2", 0)]
    public void The_line_because_of_which_a_column_stays_text_is_told(string cells, int line)
    {
        var result = Import("v,w\n" + string.Concat(cells.Split('|').Select(c => $"\"{c}\",a\n")), "-InferType").Succeeded();
        var reason = line == 0 ? "" : $"a.csv: 'v' stays text because of line {line}.";
        Assert.Equal(reason, string.Concat(result.Information.Skip(1)));
    }

    [Fact]
    public void Each_column_that_stays_text_has_a_cell_of_its_own()
    {
        var result = Import("v,w\n1,true\nn/a,false\n2,yes\n", "-InferType").Succeeded();
        Assert.Equal(2, result.Information.Count);
        Assert.Matches("'v'.*line 3.*'w'.*line 4", result.Information[1]);
    }

    [Theory]
    [InlineData("", "'n/a 17'")]
    [InlineData("-MaskValue", "'x/x 99'")]
    public void A_test_tells_the_cell_and_masks_it(string parameters, string told)
    {
        var path = Folder.Write("a.csv", "distinct_id,v\n1,7\n2,n/a 17\n");
        var tested = Session.Run($"Test-UserProfile $path -InferType {parameters}", new { path }).Succeeded();
        Assert.Contains(told, tested.Information[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-HashProperty v")]
    [InlineData("-ExcludeProperty v")]
    [InlineData("-PropertyType @{ v = 'Text' }")]
    [InlineData("-NullText 'n/a'")]
    public void A_cell_that_decides_nothing_is_not_told(string parameters) =>
        Assert.Single(Import("v\n1\nn/a\n2\n", $"-InferType {parameters}").Succeeded().Information);

    [Theory]
    [InlineData("-PropertyType @{ v = 'Text' }", "1|2", "\"1\"")]
    [InlineData("-PropertyType @{ v = 'List' }", "1|2", "[\"1\"]")]
    [InlineData("-Culture de-DE", "1,5|2", "1.5")]
    [InlineData("-Culture de-DE", "1.500|2", "\"1.500\"")]
    [InlineData("-Culture de-DE", "31.01.2026|01.02.2026", "\"31.01.2026\"")]
    [InlineData("-DateFormat dd.MM.yyyy", "31.01.2026|01.02.2026", "\"2026-01-31\"")]
    [InlineData("-TimeZone Europe/Vienna", "2026-01-31T00:00:00|2026-02-01", "\"2026-01-30T23:00:00\"")]
    [InlineData("-ExcludeProperty v*", "1", "")]
    public void What_the_user_says_counts_more(string parameters, string cells, string json)
    {
        Import("v\n" + string.Concat(cells.Split('|').Select(c => $"\"{c}\"\n")), $"-InferType {parameters}").Succeeded();
        Assert.Equal(json, Service.Profiles["r1"].TryGetProperty("v", out var v) ? v.GetRawText() : "");
    }

    [Theory]
    [InlineData("7", "007")]
    [InlineData("7", "1.50")]
    [InlineData("7", "n/a")]
    [InlineData("7", "+7")]
    [InlineData("true", "yes")]
    [InlineData("2026-01-31", "20260131")]
    public void A_later_cell_that_disagrees_is_refused_and_never_text(string first, string later)
    {
        var result = Import("v\n" + string.Concat(Enumerable.Repeat(first + "\n", 1500)) + later + "\n" + first + "\n", "-InferType");
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("UnsupportedValue,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("line 1502", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("-PropertyType", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal((1502L, 1501L, 1L), (result.Value("Read"), result.Value("Accepted"), result.Value("Rejected")));
    }

    [Fact]
    public void Rows_that_are_out_of_order_say_nothing()
    {
        var path = Folder.Write("a.csv", "distinct_id,v\n1,7\n2,x,y\n3,8\n");
        Assert.Equal("a.csv: read as Number: 'v', other columns as text.", Told(Session.Run("Import-UserProfileCsv $path -InferType", new { path })));
    }

    [Fact]
    public void Each_file_has_types_of_its_own_and_tells_them_once()
    {
        var (a, b) = (Folder.Write("a.csv", "distinct_id,v,w,x\n1,7,true,1\n"), Folder.Write("b.csv", "distinct_id,v\n2,07\n"));
        var result = Session.Run("Import-UserProfileCsv $a, $b -InferType 6>&1", new { a, b }).Succeeded();
        Assert.Equal(["a.csv: read as Number: 'v' 'x', Boolean: 'w', other columns as text.", "b.csv: every column is read as text."], result.Output.Select(o => o.BaseObject).OfType<InformationRecord>().Select(i => i.ToString()));
        Assert.Equal("""{"v":"07"}""", Service.Profiles["2"].GetRawText());
    }

    [Theory]
    [InlineData("", "v#inferred-number,code,email")]
    [InlineData("-HashProperty email", "v#inferred-number,code,email#sha256")]
    [InlineData("-ExcludeProperty email", "v#inferred-number,code")]
    public void A_reject_file_keeps_the_types_of_the_file_that_its_rows_came_from(string parameters, string columns)
    {
        var path = Folder.Write("a.csv", "distinct_id,v,code,email\n1,7,01234,a\nnull,8,8001,b\n3,x\n");
        Session.Run($"Import-UserProfileCsv $path -InferType {parameters} -RejectPath $bad", new { path, bad = Folder.File("bad.csv"), again = Folder.File("again.csv") });
        Assert.Equal($"distinct_id,{columns},_line,_error,_errorId", File.ReadAllLines(Folder.File("bad.csv"))[0]);
        File.WriteAllText(Folder.File("bad.csv"), File.ReadAllText(Folder.File("bad.csv")).Replace("null,", "2,", StringComparison.Ordinal).Replace("3,x,", "3,x,9,c,", StringComparison.Ordinal));
        Assert.Equal("bad.csv: read as Number: 'v', other columns as text.", Told(Session.Run($"Test-UserProfile $bad -InferType {parameters}")));
        Assert.Equal("bad.csv: read as Number: 'v', other columns as text.", Told(Session.Run($"Import-UserProfileCsv $bad -InferType {parameters} -RejectPath $again")));
        Assert.Equal((8, "8001"), (Service.Profiles["2"].GetProperty("v").GetInt32(), Service.Profiles["2"].GetProperty("code").GetString()));
        Assert.StartsWith($"distinct_id,{columns},_line", File.ReadAllLines(Folder.File("again.csv"))[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_types_belong_to_the_journal()
    {
        var text = "v\n" + string.Concat(Enumerable.Range(1, 3000).Select(i => $"{i}\n"));
        Service.Answer = (number, _) => Task.FromResult<(int, string)?>(number > 4 ? (401, "no") : null);
        Assert.Equal(2, Import(text, "-InferType -JournalPath $j").Value("ExitCode"));
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        var changed = Assert.Single(Session.Run("Import-UserProfileCsv $path -JournalPath $j -Resume").Errors);
        Assert.Matches(@"-InferType\b.*\btrue\b.*\bfalse\b", changed.ToString());
        var journal = JournalText.Read(Folder.File("j"));
        JournalText.Write(Folder.File("j"), [journal[0].Replace("Number", "Date", StringComparison.Ordinal), .. journal[1..]]);
        var error = Assert.Single(Session.Run("Import-UserProfileCsv $path -JournalPath $j -InferType -Resume").Errors);
        Assert.StartsWith("JournalMismatch,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Number: 'v'", error.ToString(), StringComparison.Ordinal);
        JournalText.Write(Folder.File("j"), journal);
        Assert.Equal(3000L, Session.Run("Import-UserProfileCsv $path -JournalPath $j -InferType -Resume").Succeeded().Value("Accepted"));
    }

    private ScriptResult Import(string text, string parameters)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        var numbered = string.Concat(lines.Select((line, i) => $"{(i == 0 ? "distinct_id" : $"r{i}")},{line}\n"));
        return Session.Run($"Import-UserProfileCsv $path {parameters}", new { path = Folder.Write("a.csv", numbered), j = Folder.File("j") });
    }

    private static string Told(ScriptResult result) => Assert.Single(result.Information);
}
