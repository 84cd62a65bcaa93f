using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>The file that Test-UserProfile -ReportPath writes. A browser looks at it in ReportTests.</summary>
public sealed partial class TestReportTests : IDisposable
{
    private const string Rows = "distinct_id,$email\n1,nobody\n2,a@b.io\n";

    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();

    private string ReportPath => _folder.File("report.html");

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Test-UserProfile $csv", "Test of <bdi>rows.csv</bdi>", "InvalidEmail", "in line 2")]
    [InlineData("Test-UserProfile $json", "Test of <bdi>rows.jsonl</bdi>", "InvalidEmail", "in line 2")]
    [InlineData("Test-UserProfile $csv, $json", "Test of <bdi>2 files</bdi>", "InvalidEmail", "In <bdi>rows.jsonl</bdi>")]
    [InlineData("Import-Csv $csv | Test-UserProfile", "Test of <bdi>objects</bdi>", "InvalidEmail", "in object 1")]
    [InlineData("Test-UserProfile $csv -GroupKey company -IdentifierColumn distinct_id", "Every row would be sent.", "The identifier")]
    [InlineData("Test-UserProfile $csv -Quiet", "Every row would be sent.", "InvalidEmail", "Correct or remove the address.")]
    [InlineData("Test-UserProfile $csv -Strict", "1 row of 2 would be rejected.", "InvalidEmail", "(-Strict)")]
    public void Whatever_the_rows_come_from_the_report_has_their_columns_and_findings(string command, params string[] expected)
    {
        var csv = _folder.Write("rows.csv", Rows);
        var json = _folder.Write("rows.jsonl", "{\"distinct_id\":\"1\",\"$email\":\"a@b.io\"}\n{\"distinct_id\":\"2\",\"$email\":\"nobody\"}\n");
        _session.Run($"{command} -ReportPath $report", new { csv, json, report = ReportPath }).Succeeded();
        Assert.All(expected.Append("$email").Append("Policy\" content=\"default-src &#x27;none&#x27;"), text => Assert.Contains(text, Report(), StringComparison.Ordinal));
        Assert.Equal(2, Regex.Count(Report(), "<article"));
        Assert.DoesNotMatch(Loading(), Report());
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    [InlineData("objects")]
    public void Masked_values_are_nowhere_in_the_file(string kind)
    {
        // Each kind of value, those of findings, and each often, once, least and greatest.
        string[] secrets = ["secretId", "secretText", "7654321", "2031-07-", "secretMember", "secretElement", "secretFinding", "secretCell"];
        var rows = Enumerable.Range(1, 28).Select(i =>
            $$$"""{"distinct_id":"secretId{{{i}}}","text":"secretText{{{i % 4}}}","number":7654321{{{i}}},"date":"2031-07-{{{i:00}}}","list":["secretElement"],"object":{"a":"secretMember"},"$email":"secretFinding"}""");
        var path = kind == "csv"
            ? _folder.Write("rows.csv", "distinct_id,text,number,date,list,object,$email,cell\n"
                + string.Concat(Enumerable.Range(1, 28).Select(i => $"secretId{i},secretText{i % 4},7654321{i},2031-07-{i:00},secretElement;b,\"{{\"\"a\"\":\"\"secretMember\"\"}}\",secretFinding,{(i % 2 == 0 ? "secretCell" : "1")}\n")))
            : _folder.Write("rows.jsonl", string.Join('\n', rows));
        var script = kind switch
        {
            "csv" => "Test-UserProfile $path -PropertyType @{ number = 'Number'; date = 'Date'; list = 'List'; object = 'Json'; cell = 'Number' }",
            "json" => "Test-UserProfile $path",
            _ => "Get-Content $path | ConvertFrom-Json -AsHashtable -DateKind String | Test-UserProfile",
        };
        _session.Run($"{script} -MaskValue -ReportPath $report", new { path, report = ReportPath }).Succeeded();
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, Report(), StringComparison.Ordinal));
        Assert.Contains("xxxxxxXxxx", Report(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("9999-99-99", Report(), StringComparison.Ordinal);
        Assert.Contains("svg class=\"histogram\"", Report(), StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, Report(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_cannot_be_imported_costs_all_rows()
    {
        var path = _folder.Write("rows.csv", "distinct_id,bucket\n1,a\n");
        _session.Run("Test-UserProfile $path -ReportPath $report", new { path, report = ReportPath }).Succeeded();
        Assert.Contains("A column cannot be imported, so no row of its file would be sent.", Report(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_mapping_is_not_replaced_by_the_report()
    {
        var (path, mapping) = (_folder.Write("rows.csv", Rows), _folder.Write("mapping.json", "{}"));
        var result = _session.Run("Test-UserProfile $path -MappingPath $mapping -ReportPath $mapping", new { path, mapping });
        Assert.StartsWith("PathUsedTwice,", result.TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("{}", File.ReadAllText(mapping));
    }

    [Fact]
    public void More_different_values_than_are_counted_are_not_said_to_occur_once()
    {
        var ids = Enumerable.Range(1, 10_001).Select(i => $"{i},text {i}\n").Concat(Enumerable.Range(20_000, 9).Select(i => $"{i},again\n"));
        var path = _folder.Write("rows.csv", "distinct_id,text\n" + string.Concat(ids));
        _session.Run("Test-UserProfile $path -ReportPath $report", new { path, report = ReportPath }).Succeeded();
        Assert.DoesNotContain("occurs once", Report(), StringComparison.Ordinal);
    }

    [Fact]
    public void Random_identifiers_are_not_shown()
    {
        var path = _folder.Write("rows.csv", "plan\npro\n");
        _session.Run("Test-UserProfile $path -RandomIdentifier -ReportPath $report", new { path, report = ReportPath }).Succeeded();
        Assert.Equal(1, Regex.Count(Report(), "<article"));
    }

    [Fact]
    public void A_file_that_cannot_be_read_makes_the_report_incomplete()
    {
        var path = _folder.Write("rows.csv", Rows);
        var result = _session.Run("Test-UserProfile $path, $none -ReportPath $report", new { path, none = _folder.File("none.csv"), report = ReportPath });
        Assert.Equal("PathNotFound", Assert.Single(result.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(2, result.Output[^1].Properties["ExitCode"].Value);
        Assert.Contains("this report is incomplete", Report(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_existing_report_is_replaced_and_nothing_else_is_left()
    {
        var path = _folder.Write("rows.csv", Rows);
        _folder.Write("report.html", "before");
        _session.Run("Test-UserProfile $path -ReportPath $report", new { path, report = ReportPath }).Succeeded();
        Assert.StartsWith("<!doctype html>", Report(), StringComparison.Ordinal);
        Assert.EndsWith("</html>", Report().TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void WhatIf_tests_and_writes_no_report()
    {
        var path = _folder.Write("rows.csv", Rows);
        var result = _session.Run("Test-UserProfile $path -ReportPath $report -WhatIf", new { path, report = ReportPath }).Succeeded();
        Assert.Equal(2L, result.Output[^1].Properties["Read"].Value);
        Assert.False(File.Exists(ReportPath));
    }

    [Fact]
    public void A_folder_that_does_not_exist_ends_the_command_before_it_reads()
    {
        var path = _folder.Write("rows.csv", Rows);
        var result = _session.Run("Test-UserProfile $path -ReportPath $report", new { path, report = _folder.File("none/report.html") });
        Assert.StartsWith("PathNotFound", result.TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void The_report_never_replaces_what_is_tested()
    {
        var path = _folder.Write("rows.csv", Rows);
        var result = _session.Run("Test-UserProfile $path -ReportPath $path", new { path });
        Assert.StartsWith("PathUsedTwice", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(2, result.Output[^1].Properties["ExitCode"].Value);
        Assert.Equal(Rows, File.ReadAllText(path));
    }

    private string Report() => File.ReadAllText(ReportPath);

    // What makes a browser load something, or run it.
    [GeneratedRegex("<script|<link|<img|<iframe|<object|\\ssrc=|\\son[a-z]+=|\\sstyle=|href=\"(?!#)|url\\(|@import|https?:|unsafe", RegexOptions.IgnoreCase)]
    private static partial Regex Loading();
}
