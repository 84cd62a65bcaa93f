using System.Text;
using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Imports that end when too many rows cannot be parsed.</summary>
public sealed class ImportParseErrorTests : ConnectedTests
{
    private const string Unfit = "2\n";

    [Theory]
    [InlineData(Unfit, "FieldCountMismatch")]
    [InlineData("2,b\"c\n", "MalformedQuotes")]
    [InlineData("2,\"b\"c\n", "MalformedQuotes")]
    [InlineData("2,ü\n", "InvalidEncoding")]
    public void The_row_that_makes_too_many_ends_the_import(string row, string errorId)
    {
        var path = Folder.Write("a.csv", $"distinct_id,v\n1,a\n{row}3,c\n{row}5,e\n", Encoding.Latin1);
        var result = Session.Run("Import-UserProfileCsv $path -MaxParseErrors 2", new { path });
        Assert.Equal([errorId, errorId, "MaxParseErrorsReached"], Ids(result));
        Assert.Contains("-MaxParseErrors", result.Errors[2].ToString(), StringComparison.Ordinal);
        Assert.Equal([2, 4, 0, 2, 0, 2], Regex.Matches(result.Errors[2].ToString(), @"\d+").Select(number => int.Parse(number.Value)));
        Assert.Equal((4L, 2L, 2L, 2), (result.Value("Read"), result.Value("Rejected"), result.Value("Unsent"), result.Value("ExitCode")));
    }

    [Theory]
    [InlineData("-MaxParseErrors 2", 1)]
    [InlineData("-MaxParseErrors 1 -MismatchedFieldAction PadWithNulls", 0)]
    [InlineData("", 1)]
    public void Fewer_of_them_cost_nothing_but_themselves(string parameters, int exitCode)
    {
        var path = Folder.Write("a.csv", $"distinct_id,v\n1,a\n{Unfit}3,c\n");
        var result = Session.Run($"Import-UserProfileCsv $path {parameters}", new { path });
        Assert.Equal((3L, 2L + (exitCode == 0 ? 1 : 0), exitCode), (result.Value("Read"), result.Value("Accepted"), result.Value("ExitCode")));
    }

    [Fact]
    public void Rows_that_can_be_parsed_and_are_refused_do_not_count()
    {
        var path = Folder.Write("a.csv", $"distinct_id,v\n,a\n,b\n{Unfit},c\n4,d\n");
        var result = Session.Run("Import-UserProfileCsv $path -MaxParseErrors 2", new { path });
        Assert.Equal((5L, 1L, 4L, 1), (result.Value("Read"), result.Value("Accepted"), result.Value("Rejected"), result.Value("ExitCode")));
        Assert.Equal(["MissingIdentifier", "MissingIdentifier", "MaxFailureReached"], Ids(Session.Run("Import-UserProfileCsv $path -MaxParseErrors 1 -MaxFailure 2", new { path })));
    }

    [Fact]
    public void All_files_of_a_run_count_together()
    {
        var files = new { a = Folder.Write("a.csv", $"distinct_id,v\n{Unfit}"), b = Folder.Write("b.csv", $"distinct_id,v\n{Unfit}"), c = Folder.Write("c.csv", "distinct_id,v\n3,c\n") };
        var result = Session.Run("Import-UserProfileCsv $a, $b, $c -MaxParseErrors 2", files);
        Assert.Equal((2L, 2), (result.Value("Read"), result.Value("ExitCode")));
    }

    [Fact]
    public void What_is_left_goes_to_the_reject_file_and_a_journal_goes_on()
    {
        var rows = Enumerable.Range(1, 1000).Select(i => i is 400 or 700 ? $"{i}\n" : $"{i},x\n");
        var files = new { path = Folder.Write("a.csv", "distinct_id,v\n" + string.Concat(rows)), rejects = Folder.File("bad.csv"), journal = Folder.File("j"), others = Folder.File("others.csv") };
        var kept = Session.Run("Import-UserProfileCsv $path -MaxParseErrors 1 -RejectPath $rejects", files);
        Assert.Equal(1000, (long)kept.Value("Accepted")! + File.ReadAllLines(files.rejects).Length - 1);

        Service.Applied.Clear();
        var ended = Session.Run("Import-UserProfileCsv $path -MaxParseErrors 1 -JournalPath $journal -RejectPath $others", files);
        Assert.Equal(("MaxParseErrorsReached", 2), (Ids(ended)[^1], ended.Value("ExitCode")));
        Assert.Equal(["FieldCountMismatch", "MaxParseErrorsReached"], Ids(Session.Run("Import-UserProfileCsv $path -MaxParseErrors 1 -JournalPath $journal -RejectPath $others -Resume", files)));
        var resumed = Session.Run("Import-UserProfileCsv $path -MaxParseErrors 1 -JournalPath $journal -RejectPath $others -Resume", files).Succeeded();
        Assert.Equal((1000L, 998L, 2L, 1), (resumed.Value("Read"), resumed.Value("Accepted"), resumed.Value("Rejected"), resumed.Value("ExitCode")));
        Assert.Equal(998, Service.Applied.Count);
        Assert.All(Service.Applied, a => Assert.Equal(1, a.Value));
        Assert.Equal(3, File.ReadAllLines(files.others).Length);
    }

    [Fact]
    public void WhatIf_tells_of_them_all()
    {
        var path = Folder.Write("a.csv", $"distinct_id,v\n{Unfit}{Unfit}{Unfit}");
        Assert.Equal(3L, Session.Run("Import-UserProfileCsv $path -MaxParseErrors 1 -WhatIf", new { path }).Value("Rejected"));
    }

    private static string[] Ids(ScriptResult result) => [.. result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0])];
}
