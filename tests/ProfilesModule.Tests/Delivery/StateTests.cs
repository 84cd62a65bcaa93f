using System.Text.Json;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Imports with a state, which send only what changed.</summary>
public sealed class StateTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly RecordingService _service = new();
    private readonly TemporaryFolder _folder = new();

    public StateTests()
    {
        _service.Answer = (_, records) => Task.FromResult(Refusal(records));
        Connect("t");
    }

    /// <summary>Identifiers that the service refuses.</summary>
    private HashSet<string> Refused { get; } = [];

    private int Status { get; set; } = 200;

    public void Dispose()
    {
        _session.Dispose();
        _service.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_second_run_sends_nothing_and_the_third_what_changed()
    {
        Write("u1,1", "u2,2", "u3,3");
        Assert.Equal((3L, 0L), Counts(Import()));
        Assert.Equal((0L, 3L), Counts(Import()));
        Write("u1,1", "u2,20", "u3,3", "u4,4");
        var third = Import();
        Assert.Equal((2L, 2L), Counts(third));
        Assert.Equal((4L, 0L, 0), ((long)third.Value("Read")!, (long)third.Value("Unsent")!, (int)third.Value("ExitCode")!));
        Assert.Equal(["u1=1", "u2=20", "u3=3", "u4=4"], Values());
        Assert.Equal((0L, 4L), Counts(Import()));
    }

    [Fact]
    public void Rows_of_a_profile_that_undo_each_other_are_all_sent()
    {
        Write("u1,b");
        Import();
        Write("u1,a", "u1,b");
        Assert.Equal((2L, 0L), Counts(Import()));
        Assert.Equal(["u1=b"], Values());
        Write("u1,b", "u1,a");
        Assert.Equal((1L, 1L), Counts(Import()));
        Assert.Equal(["u1=a"], Values());
    }

    [Fact]
    public void What_was_refused_is_sent_again()
    {
        Refused.Add("u2");
        Write("u1,1", "u2,2");
        Assert.Equal((1L, 0L), Counts(Import()));
        Refused.Clear();
        Assert.Equal((1L, 1L), Counts(Import()));
        Assert.Equal(["u2=2"], Values());
    }

    [Fact]
    public void A_value_whose_update_was_in_doubt_is_sent_though_it_is_the_old_one()
    {
        Write("u1,old");
        Import();

        // It arrives, and the reply is lost.
        Write("u1,new");
        Status = 500;
        Assert.Equal(75, Import("-MaximumRetryCount 0").Value("ExitCode"));
        Status = 200;
        Write("u1,old");
        Assert.Equal((1L, 0L), Counts(Import()));
        Assert.Equal(["u1=old"], Values());
    }

    [Fact]
    public void The_same_row_is_sent_again_if_it_becomes_another_update()
    {
        Write("u1,1", "u2,2");
        Import();
        Assert.Equal((2L, 0L), Counts(Import("-PropertyType @{ v = 'Number' }")));
        Assert.Equal((0L, 2L), Counts(Import("-PropertyType @{ v = 'Number' }")));

        // What is inferred depends on the other rows.
        Assert.Equal((0L, 2L), Counts(Import("-InferType")));
        Write("u1,1", "u2,x");
        Assert.Equal((2L, 0L), Counts(Import("-InferType")));
    }

    [Fact]
    public void What_a_rule_says_of_a_row_is_told_though_the_row_is_unchanged()
    {
        Write("u1,1", "u2,NULL");
        string[] warnings = [.. Import().Warnings];
        Assert.Contains(warnings, warning => warning.Contains("NULL", StringComparison.Ordinal));
        var second = Import();
        Assert.Equal((0L, 2L), Counts(second));
        Assert.Equal(warnings.Where(w => w.Contains("NULL", StringComparison.Ordinal)), second.Warnings.Where(w => w.Contains("NULL", StringComparison.Ordinal)));
        Assert.Equal(1L, (long)Import("-Strict").Value("Rejected")!);
    }

    [Fact]
    public void Full_sends_everything_and_keeps_the_state()
    {
        Write("u1,1", "u2,2");
        Import();
        Assert.Equal((2L, 0L), Counts(Import("-Full")));
        Assert.Equal((0L, 2L), Counts(Import()));
    }

    [Fact]
    public void What_is_older_than_the_maximal_age_is_sent_again()
    {
        Write("u1,1");
        Import();
        Age(TimeSpan.FromDays(8));
        Write("u1,1", "u2,2");
        Assert.Equal((1L, 1L), Counts(Import()));
        Assert.Equal((1L, 1L), Counts(Import("-MaxStateAge 7.00:00:00")));
        Assert.Equal((0L, 2L), Counts(Import("-MaxStateAge 7.00:00:00")));
    }

    [Fact]
    public void A_value_that_vanished_is_told_of_or_removed()
    {
        Write("u1,1,x", "u2,2,y");
        Import();
        Write("u1,1,", "u2,2,");
        var skipped = Import();
        Assert.Contains(skipped.Warnings, warning => warning.StartsWith("2 properties of 2 rows had a value in an earlier run", StringComparison.Ordinal));

        // It was not forgotten, although the rows are those of the run before.
        Assert.Equal((0L, 2L), Counts(Import()));
        var removed = Import("-RemoveMissingProperty");
        Assert.Equal((2L, 0L), Counts(removed));
        Assert.Contains("\"$unset\":[\"w\"]", _service.Bodies.Last(), StringComparison.Ordinal);
        Assert.Equal((0L, 2L), Counts(Import("-RemoveMissingProperty")));
        Assert.DoesNotContain(Import().Warnings, warning => warning.Contains("earlier run", StringComparison.Ordinal));
    }

    [Fact]
    public void A_cell_that_became_empty_is_removed_with_EmptyCell_Unset_and_comes_back()
    {
        Write("u1,1,x");
        Import("-EmptyCell Unset");
        Write("u1,1,");
        var removed = Import("-EmptyCell Unset");
        Assert.Equal((1L, 0L), Counts(removed));
        Assert.DoesNotContain(removed.Warnings, warning => warning.Contains("earlier run", StringComparison.Ordinal));
        Assert.Contains("\"$unset\":[\"w\"]", _service.Bodies.Last(), StringComparison.Ordinal);
        Write("u1,1,x");
        Assert.Equal((1L, 0L), Counts(Import("-EmptyCell Unset")));
    }

    [Fact]
    public void Parameters_that_changed_are_named()
    {
        Write("u1,1");
        Import();
        var changed = Import("-InferType");
        Assert.Contains(changed.Warnings, warning => warning.Contains("-InferType was false and is true", StringComparison.Ordinal));
        Assert.Equal((1L, 0L), Counts(changed));
    }

    [Fact]
    public void Another_token_is_another_scope()
    {
        Write("u1,1");
        Import();
        Connect("other");
        Assert.Equal((1L, 0L), Counts(Import()));
        Connect("t");
        Assert.Equal((0L, 1L), Counts(Import()));
    }

    [Fact]
    public void WhatIf_counts_and_writes_nothing()
    {
        Write("u1,1");
        Assert.Equal((0L, 0L), Counts(Import("-WhatIf")));
        Assert.False(File.Exists(_folder.File("s.db")));
        Import();
        var before = File.ReadAllBytes(_folder.File("s.db"));
        Write("u1,1", "u2,2");
        var whatIf = Import("-WhatIf");
        Assert.Equal((0L, 1L), Counts(whatIf));
        Assert.Equal(1L, whatIf.Value("Skipped"));
        Assert.Equal(before, File.ReadAllBytes(_folder.File("s.db")));
        Assert.Equal((1L, 1L), Counts(Import()));
    }

    [Theory]
    [InlineData("no database")]
    [InlineData("another program")]
    [InlineData("another version")]
    [InlineData("damaged")]
    public void What_cannot_be_a_state_is_left_alone(string kind)
    {
        Write("u1,1");
        switch (kind)
        {
            case "no database":
                _folder.Write("s.db", new string('x', 5000));
                break;
            case "another program":
                _session.Run("$null = Stop-UserProfileServer (Start-UserProfileServer $path -SkipConnect)", new { path = _folder.File("s.db") }).Succeeded();
                break;
            default:
                Import();
                Patch(kind == "another version" ? "PRAGMA user_version = 99" : "UPDATE entry SET items = x'FF00FF'");
                break;
        }

        var before = File.ReadAllBytes(_folder.File("s.db"));
        var requests = _service.Requests;
        var result = Import();
        Assert.StartsWith("StateNotUsable,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(2, result.Value("ExitCode"));
        Assert.Equal(requests, _service.Requests);
        Assert.Equal(before, File.ReadAllBytes(_folder.File("s.db")));
    }

    [Fact]
    public void A_state_that_another_run_uses_is_an_error_at_once()
    {
        Write("u1,1");
        using var held = new FileStream(_folder.File("s.db-lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var result = Import();
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("StateNotUsable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("in use by another run", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(75, result.Value("ExitCode"));
    }

    [Fact]
    public void The_first_run_tests_the_connection()
    {
        Write("u1,1");
        using var other = new ModuleSession();
        var result = other.Run(
            "$null = Start-UserProfileServer; Import-UserProfileCsv $file -StatePath $state; Get-UserProfile",
            new { file = _folder.File("a.csv"), state = _folder.File("s.db") }).Succeeded();
        Assert.DoesNotContain(result.Warnings, warning => warning.Contains("StateNotProven", StringComparison.Ordinal));
        Assert.Equal(2, result.Output.Count);
        Assert.Contains(Import().Warnings, warning => warning.StartsWith("StateNotProven", StringComparison.Ordinal));
        Assert.DoesNotContain(Import().Warnings, warning => warning.StartsWith("StateNotProven", StringComparison.Ordinal));
    }

    [Fact]
    public void Objects_of_the_pipeline_are_compared_too()
    {
        for (var run = 1; run <= 2; run++)
        {
            _session.Run(
                "1..3 | ForEach-Object { [pscustomobject]@{ distinct_id = \"u$_\"; v = $_ } } | Set-UserProfile -StatePath $state",
                new { state = _folder.File("s.db") }).Succeeded();
            Assert.Equal(3, _service.Applied.Where(a => a.Key.StartsWith('u')).Sum(a => a.Value));
        }
    }

    [Fact]
    public void The_file_stays_small_however_often_profiles_change()
    {
        for (var run = 0; run < 6; run++)
        {
            Write([.. Enumerable.Range(0, 5000).Select(i => $"user{i:00000},{run}")]);
            Import("-BatchSize 2000");
        }

        Assert.InRange(new FileInfo(_folder.File("s.db")).Length, 1, (5000 * (45 + 9)) + 40_000);
        Assert.Equal((0L, 5000L), Counts(Import()));
    }

    private static (long Accepted, long Unchanged) Counts(ScriptResult result) => ((long)result.Value("Accepted")!, (long)result.Value("Unchanged")!);

    private void Connect(string token) =>
        _session.Run("Connect-UserProfileService -Token $token -Endpoint $endpoint", new { token, endpoint = _service.Endpoint }).Succeeded();

    private void Write(params string[] rows) =>
        _folder.Write("a.csv", (rows[0].Count(c => c == ',') == 1 ? "distinct_id,v\n" : "distinct_id,v,w\n") + string.Join('\n', rows) + "\n");

    private ScriptResult Import(string parameters = "") =>
        _session.Run($"Import-UserProfileCsv $file -StatePath $state {parameters}", new { file = _folder.File("a.csv"), state = _folder.File("s.db") });

    private void Age(TimeSpan age) => Patch($"UPDATE run SET started = started - {(long)age.TotalMilliseconds}");

    /// <summary>Changes the file, as another program could.</summary>
    private void Patch(string sql) => _session.Run(
        "$null = Import-UserProfileQuery $query -Provider Sqlite -ConnectionString $database -WhatIf",
        new { query = sql + "; select 'x' as distinct_id", database = $"Data Source={_folder.File("s.db")};Pooling=False" }).Succeeded();

    private IEnumerable<string> Values() => _service.Profiles
        .Where(profile => profile.Key.StartsWith('u'))
        .OrderBy(profile => profile.Key)
        .Select(profile => $"{profile.Key}={profile.Value.GetProperty("v")}");

    private (int, string)? Refusal(JsonElement[] records)
    {
        // Queries are not answered.
        if (records.Length == 0)
            return (404, "{}");
        var refused = records.Index().Where(record => Refused.Contains(record.Item.GetProperty("$distinct_id").GetString()!)).Select(record => record.Index).ToArray();
        if (refused.Length > 0)
        {
            return (400, JsonSerializer.Serialize(new
            {
                code = 400,
                error = "some data points in the request failed validation",
                failed_records = refused.Select(index => new { index, field = "$distinct_id", message = "no" }),
                num_records_imported = records.Length - refused.Length,
                status = "Bad Request",
            }));
        }

        return Status == 200 ? null : (Status, "{}");
    }
}
