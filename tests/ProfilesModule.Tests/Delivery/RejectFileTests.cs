using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>The file of the rows that were not accepted, and the import that tries them again.</summary>
public sealed class RejectFileTests : IDisposable
{
    private const string Columns = ",_line,_error,_errorId\n";

    // Where the note may be written that a later row was sent.
    private static readonly string Room = new(' ', 39);

    private readonly ModuleSession _session = new();
    private readonly RecordingService _service = new();
    private readonly TemporaryFolder _folder = new();

    public RejectFileTests()
    {
        _session.Run("Connect-UserProfileService -Token $token -Endpoint $endpoint", new { token = "t", endpoint = _service.Endpoint }).Succeeded();
        _service.Answer = (_, records) => Task.FromResult<(int, string)?>(records.Any(r => r.GetProperty("$distinct_id").GetString()!.StartsWith("bad", StringComparison.Ordinal))
            ? (400, """{"error":"no, \"never\"\nat all","status":0}""")
            : null);
    }

    public void Dispose()
    {
        _session.Dispose();
        _service.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Rows_are_as_they_were_and_say_what_is_wrong()
    {
        Import("distinct_id,note\n1,a\nbad,\"x, \"\"y\"\"\nz\"\n,noid\n2,b,more\n3,c\n");
        var expected =
            "distinct_id,note" + Columns
            + $"bad,\"x, \"\"y\"\"\nz\",3,\"…: no, \"\"never\"\"\\nat all{Room}\",UpdateRejected\n"
            + ",noid,5,\"…'distinct_id'…\",MissingIdentifier\n"
            + $"2,b,more,6,\"…3…2…{Room}\",FieldCountMismatch\n";
        Assert.Matches($"^{Regex.Escape(expected).Replace("…", "[^\"\n]*", StringComparison.Ordinal)}$", Rejects());
    }

    [Fact]
    public void Without_a_reject_it_has_its_header_and_only_its_owner_can_read_it()
    {
        Import("distinct_id;a;b;c;_x\n1;1;1;1;1\n", "-Delimiter ';'");
        Assert.Equal("distinct_id;a;b;c;_x;_line;_error;_errorId\n", Rejects());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("bad.csv")));
    }

    [Theory]
    [InlineData("distinct_id,v\n1,a\n2,\"open\n3\n", "FieldCountMismatch")]
    [InlineData("distinct_id\n1\n\"open\n", "FieldCountMismatch")]
    [InlineData("distinct_id,v,_line,_error,_errorId\n1,a,2,x,UpdateRejected\n12,cut\n", "RejectRowDamaged")]
    [InlineData("distinct_id,v,_line,_error,_errorId\n1,a,2,x,UpdateRejected\n12\n", "RejectRowDamaged")]
    [InlineData("distinct_id,_line,_error,_errorId\n1,2,x,UpdateRejected\n12\n", "RejectRowDamaged")]
    public void No_padding_and_no_cutting_makes_a_row_of_what_was_none(string text, string errorId)
    {
        Import(text);
        _service.Bodies.Clear();
        var previous = _folder.File("bad.csv");
        foreach (var next in new[] { "second.csv", "third.csv", "fourth.csv" })
        {
            var again = _session.Run("Import-UserProfileCsv $previous -RejectPath $next -MismatchedFieldAction PadOrTruncate", new { previous, next = _folder.File(next) });
            Assert.Empty(Updates(_service));
            Assert.StartsWith(errorId, Assert.Single(again.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
            previous = _folder.File(next);
        }
    }

    [Fact]
    public void A_short_row_that_may_be_padded_is_when_it_is_tried_again()
    {
        const string Parameters = "-MismatchedFieldAction PadOrTruncate";
        Import("distinct_id,v\n\"bad\"\"b\"\n", Parameters);
        _service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        _service.Applied.Clear();
        _session.Run($"Import-UserProfileCsv $rejects {Parameters}", new { rejects = _folder.File("bad.csv") }).Succeeded();
        Assert.Equal("bad\"b", Assert.Single(_service.Applied).Key);
    }

    [Theory]
    [InlineData("distinct_id,v\nbad1,\"a,b\"\ngood,x\nbad2,\"c\n\"\"d\"\"\"\n", "")]
    [InlineData("bad1;x\nbad2;y;\nbad2;\"z;\"\n", "-Header distinct_id,v -Delimiter ';'")]
    [InlineData("distinct_id,v\nbad1,ä\nbad2,ö\n", "-Encoding latin1")]
    [InlineData("distinct_id,v\nbad1,ä\nbad2,ö\n", "-Encoding unicode")]
    [InlineData("v,distinct_id\nä,bad1\n\"a\"\"\",bad2\n", "")]
    public void The_same_command_tries_just_these_rows_again(string text, string parameters)
    {
        var encoding = parameters.Contains("latin1", StringComparison.Ordinal) ? Encoding.Latin1 : parameters.Contains("unicode", StringComparison.Ordinal) ? Encoding.Unicode : null;
        Import(text, parameters, encoding);
        _service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        _service.Bodies.Clear();
        var (folder, rejects) = (_folder.File(""), _folder.File("bad.csv"));
        var again = _session.Run($"Import-UserProfileCsv $rejects -RejectPath ($folder + '/again.csv') {parameters}", new { rejects, folder }).Output.Single();
        var direct = new RecordingService();
        using (direct)
        {
            var path = _folder.Write("only.csv", string.Concat(text.Split("good,x\n")), encoding);
            _session.Run($"$c = Connect-UserProfileService -Token t -Endpoint $endpoint -PassThru; Import-UserProfileCsv $path -Connection $c {parameters}", new { path, endpoint = direct.Endpoint });
        }

        // What they bring about is what the rows themselves would have: nothing of the columns behind them.
        Assert.Equal(Updates(direct), Updates(_service));
        Assert.NotEmpty(Updates(_service));
        Assert.Equal(again.Properties["Rejected"].Value, File.ReadLines(_folder.File("again.csv"), encoding ?? Encoding.UTF8).LongCount() - 1);
    }

    [Fact]
    public void Rows_that_are_out_of_order_stay_refused_until_they_are_mended()
    {
        Import("distinct_id,v\n1\n2,a,b\n3,x\"y\n4,\"open\n5,swallowed\n");
        var first = Rejects();
        var (path, again) = (_folder.File("bad.csv"), _folder.File("again.csv"));
        var result = _session.Run("Import-UserProfileCsv $path -RejectPath $again", new { path, again });
        Assert.Equal(5L, result.Value("Read"));
        Assert.Equal(5L, result.Value("Rejected"));
        Assert.Equal(first.Split('\n').Length, File.ReadAllText(again).Split('\n').Length);
        File.WriteAllText(path, first.Replace("\n1,2,", "\n1,one,2,", StringComparison.Ordinal));
        _session.Run("Import-UserProfileCsv $path -RejectPath $again", new { path, again });
        Assert.Equal("""{"v":"one"}""", _service.Profiles["1"].GetRawText());
    }

    [Theory]
    [InlineData("1,2,\"The row has 1 field, the header 2.\",FieldCountMismatch,")]
    [InlineData("2,Bob,extra,3,\"The row has 3 fields, the header 2.\"")]
    [InlineData("3,Zedd")]
    [InlineData("4,Yann,5,\"the service rejec")]
    public void What_is_left_of_a_damaged_row_is_never_taken_for_a_row(string row)
    {
        var (path, again) = (_folder.Write("bad.csv", "distinct_id,v" + Columns + row + "\n"), _folder.File("again.csv"));
        for (var replay = 0; replay < 3; replay++)
        {
            var result = _session.Run("Import-UserProfileCsv $path -RejectPath $again", new { path, again });
            Assert.Equal((0L, 1L), ((long)result.Value("Accepted")!, (long)result.Value("Rejected")!));
            Assert.Equal(0, _service.Requests);
            (path, again) = (again, path + replay);
        }
    }

    [Fact]
    public void A_run_that_ends_early_leaves_every_row_that_was_not_sent()
    {
        _service.Answer = (number, _) => Task.FromResult<(int, string)?>(number > 3 ? (401, "no") : null);
        var result = Import("distinct_id,v\n" + string.Concat(Enumerable.Range(1, 5000).Select(i => $"{1 + i % 900},{i}\n")), "-BatchSize 50");
        Assert.Equal(5000L, result.Value("Read"));
        Assert.Equal(2, result.Value("ExitCode"));
        var unsent = Rejects().Split('\n')[1..^1];
        Assert.Equal(5000L - (long)result.Value("Accepted")!, unsent.Length);
        Assert.All(unsent, row => Assert.EndsWith(",NotSent", row, StringComparison.Ordinal));

        // In the order of the input for each profile, so that trying again ends as the input does.
        foreach (var profile in unsent.Select(row => row.Split(',')).GroupBy(row => row[0]))
            Assert.Equal(profile.Select(row => int.Parse(row[1])).Order(), profile.Select(row => int.Parse(row[1])));
        _service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        _session.Run("Import-UserProfileCsv $path -RejectPath $again", new { path = _folder.File("bad.csv"), again = _folder.File("again.csv") }).Succeeded();
        Assert.Equal(900, _service.Profiles.Count);
        Assert.All(_service.Profiles, p => Assert.True(int.Parse(p.Value.GetProperty("v").GetString()!) > 4100));
    }

    [Fact]
    public void Rows_of_unknown_outcome_are_left_out_until_the_user_wants_them()
    {
        _service.Answer = (number, _) => Task.FromResult<(int, string)?>(number == 1 ? (500, "?") : null);
        var result = Import("distinct_id,n\n1,1\n2,2\n3,3\n4,4\n", "-Operation Add -BatchSize 2 -MaxConcurrency 1 -RetryIntervalSec 0");
        Assert.Equal((2L, 2L), ((long)result.Value("Accepted")!, (long)result.Value("Unknown")!));
        var (path, again) = (_folder.File("bad.csv"), _folder.File("again.csv"));
        var left = _session.Run("Import-UserProfileCsv $path -Operation Add -RejectPath $again", new { path, again }).Succeeded();
        Assert.Equal((2L, 2L, 0), ((long)left.Value("Read")!, (long)left.Value("Skipped")!, (int)left.Value("ExitCode")!));
        Assert.Equal(2, File.ReadAllText(again).Split(",OutcomeUnknown\n").Length - 1);
        var sent = _session.Run("Import-UserProfileCsv $path -Operation Add -RetryAmbiguous", new { path }).Succeeded();
        Assert.Equal(2L, sent.Value("Accepted"));
    }

    [Fact]
    public void Rows_of_unknown_outcome_stay_so_when_an_import_ends_before_it_comes_to_them()
    {
        _service.Answer = (_, _) => Task.FromResult<(int, string)?>((500, "?"));
        Import("distinct_id,n\n1,1,ragged\n2,2\n", "-Operation Add");
        var (path, again) = (_folder.File("bad.csv"), _folder.File("again.csv"));
        var ended = _session.Run("Import-UserProfileCsv $path -Operation Add -MaxFailure 1 -RejectPath $again", new { path, again });
        Assert.Equal((2L, 1L, 1L, 2), ((long)ended.Value("Read")!, (long)ended.Value("Rejected")!, (long)ended.Value("Skipped")!, (int)ended.Value("ExitCode")!));
        Assert.Matches("(?m)^2,2,.*,OutcomeUnknown$", File.ReadAllText(again));
    }

    [Fact]
    public void The_rows_of_an_earlier_import_are_kept()
    {
        Import("distinct_id,v\nbad,1\n");
        var first = Rejects();
        var result = Import("distinct_id,v\nbad,2\n");
        var kept = Directory.GetFiles(_folder.File(""), "bad.*.csv").Single();
        Assert.Contains(kept, Assert.Single(result.Warnings), StringComparison.Ordinal);
        Assert.Contains(first, Directory.GetFiles(_folder.File(""), "bad.*.csv").Select(File.ReadAllText));
        Assert.Contains("bad,2,", Rejects(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Import-UserProfileCsv $path -RejectPath $path", "PathUsedTwice")]
    [InlineData("Import-UserProfileCsv $path -LogPath $path", "PathUsedTwice")]
    [InlineData("Import-UserProfileCsv $path -JournalPath $rejects -RejectPath $rejects", "PathUsedTwice")]
    [InlineData("Import-UserProfileCsv $path -LogPath $rejects -RejectPath $rejects", "PathUsedTwice")]
    [InlineData("Import-UserProfileCsv $path, $other -RejectPath $rejects", "RejectColumnsDiffer")]
    [InlineData("Import-UserProfileCsv $path -RejectPath $missing", "FileNotWritable")]
    [InlineData("Import-UserProfileCsv $path -LogPath $missing", "FileNotWritable")]
    [InlineData("Import-UserProfileCsv $path -JournalPath $missing", "FileNotWritable")]
    [InlineData("Import-UserProfileCsv $path -Resume", "JournalNeeded")]
    [InlineData("Import-UserProfileCsv $path -JournalPath Env:/x", "NotAFile")]
    public void What_cannot_be_written_is_known_before_anything_is_sent(string script, string errorId)
    {
        var (path, other) = (_folder.Write("a.csv", "distinct_id,v\n1,a\n"), _folder.Write("b.csv", "distinct_id,w\n1,a\n"));
        var result = _session.Run(script, new { path, other, rejects = _folder.File("bad.csv"), missing = _folder.File("none/x") });
        Assert.StartsWith(errorId + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(2, result.Value("ExitCode"));
        Assert.Equal(errorId == "RejectColumnsDiffer" ? 1 : 0, _service.Requests);
        Assert.Equal("distinct_id,v\n1,a\n", File.ReadAllText(path));
    }

    private ScriptResult Import(string text, string parameters = "", Encoding? encoding = null)
    {
        var (path, rejects) = (_folder.Write("a.csv", text, encoding), _folder.File("bad.csv"));
        return _session.Run($"Import-UserProfileCsv $path -RejectPath $rejects {parameters}", new { path, rejects });
    }

    private string Rejects() => File.ReadAllText(_folder.File("bad.csv"));

    private static string[] Updates(RecordingService service) =>
        [.. service.Bodies.SelectMany(body => JsonDocument.Parse(body).RootElement.EnumerateArray().Select(record => record.GetRawText())).Order(StringComparer.Ordinal)];
}
