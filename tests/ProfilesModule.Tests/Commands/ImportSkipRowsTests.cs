using System.Text;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Imports of files with lines before their header.</summary>
public sealed class ImportSkipRowsTests : ConnectedTests
{
    [Theory]
    [InlineData("Users of \"Acme\n\ndistinct_id,v\n1,a\n2\n", 2, "", 5)]
    [InlineData("Users of \"Acme\r\n\r\ndistinct_id,v\r\n1,a\r\n2\r\n", 2, "", 5)]
    [InlineData("Users of \"Acme\r\rdistinct_id,v\r1,a\r2\r", 2, "", 5)]
    [InlineData("title\ndistinct_id,v\n\"1\",a\n2\n", 1, "-Unique -InferType", 4)]
    [InlineData("title\n1,a\n2\n", 1, "-Header distinct_id, v", 3)]
    public void Lines_before_the_header_are_passed_over_and_counted(string text, int lines, string parameters, int badLine)
    {
        foreach (var encoding in (Encoding[])[new UTF8Encoding(false), new UTF8Encoding(true), Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32])
        {
            Service.Profiles.Clear();
            var path = Folder.Write("a.csv", text, encoding);
            var result = Session.Run($"Import-UserProfileCsv $path -SkipRows $lines {parameters}", new { path, lines });
            var error = Assert.Single(result.Errors);
            Assert.StartsWith("FieldCountMismatch,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Matches($@"^a\.csv, line {badLine}: .*\b1\b.*\b2\b", error.ToString());
            Assert.Equal((2L, 1L), (result.Value("Read"), result.Value("Accepted")));
            Assert.Equal("a", Service.Profiles["1"].GetProperty("v").GetString());
        }
    }

    [Theory]
    [InlineData("distinct_id,v\n1,a\n", 2)]
    [InlineData("title", 1)]
    [InlineData("title", 100)]
    public void A_file_with_nothing_behind_these_lines_is_an_error(string text, int lines)
    {
        var path = Folder.Write("a.csv", text);
        var result = Session.Run("Import-UserProfileCsv $path -SkipRows $lines", new { path, lines });
        Assert.StartsWith("InvalidHeader,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(2, result.Value("ExitCode"));
    }

    [Fact]
    public void A_reject_file_is_read_from_its_start()
    {
        var path = Folder.Write("a.csv", "title\nby hand\ndistinct_id,v\n1,a\n2\n,c\n");
        var files = new { path, rejects = Folder.File("bad.csv") };
        Session.Run("Import-UserProfileCsv $path -SkipRows 2 -RejectPath $rejects", files);
        Assert.Equal(["distinct_id,v,_line,_error,_errorId", "2,5,\"", ",c,6,"], File.ReadAllLines(files.rejects).Select((line, i) => i == 0 ? line : line[..5]));
        File.WriteAllText(files.rejects, File.ReadAllText(files.rejects).Replace("\n2,", "\n2,b,", StringComparison.Ordinal).Replace("\n,c", "\n3,c", StringComparison.Ordinal));
        Assert.Equal(2L, Session.Run("Import-UserProfileCsv $rejects -SkipRows 2", files).Succeeded().Value("Accepted"));
        Assert.Equal("b c", $"{Service.Profiles["2"].GetProperty("v")} {Service.Profiles["3"].GetProperty("v")}");
    }

    [Fact]
    public void A_journal_is_held_to_it()
    {
        var path = Folder.Write("a.csv", "title\ndistinct_id,v\n" + string.Concat(Enumerable.Range(1, 900).Select(row => $"{row},x\n")));
        var files = new { path, journal = Folder.File("j") };
        Service.Answer = (number, _) => Task.FromResult<(int, string)?>(number > 2 ? (401, "no") : null);
        Session.Run("Import-UserProfileCsv $path -SkipRows 1 -JournalPath $journal -MaxConcurrency 1", files);
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        var other = Session.Run("Import-UserProfileCsv $path -SkipRows 0 -JournalPath $journal -Resume -IdentifierColumn 1", files);
        Assert.Matches(@"-SkipRows\b.*\b1\b", Assert.Single(other.Errors).ToString());
        Assert.Equal(900L, Session.Run("Import-UserProfileCsv $path -SkipRows 1 -JournalPath $journal -Resume", files).Succeeded().Value("Accepted"));
        Assert.All(Service.Applied, a => Assert.Equal(1, a.Value));
    }

    [Fact]
    public void The_columns_behind_these_lines_are_completed()
    {
        var path = Folder.Write("a.csv", "title;of it\nuser_id,user name\n");
        var line = $"Import-UserProfileCsv '{path}' -SkipRows 1 -IdentifierColumn u";
        var result = Session.Run("[System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText", new { line }).Succeeded();
        Assert.Equal("user_id 'user name'", string.Join(' ', result.Output));
    }
}
