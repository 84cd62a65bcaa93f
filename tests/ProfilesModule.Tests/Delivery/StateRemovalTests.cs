using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Imports with a state that remove the profiles which the input does not have any more.</summary>
public sealed class StateRemovalTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();

    public StateRemovalTests() => _session.Run("$server = Start-UserProfileServer").Succeeded();

    public void Dispose()
    {
        _session.Run("Stop-UserProfileServer");
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_the_input_has_no_longer_is_removed_and_comes_back_with_the_input()
    {
        Write("u1,1", "u2,2", "u3,3");
        Import();
        Write("u1,1", "u3,30");
        var result = Import("-RemoveMissing -MaxRemovePercent 50").Succeeded();
        Assert.Equal((1L, 1L, 1L, 0), ((long)result.Value("Removed")!, (long)result.Value("Accepted")!, (long)result.Value("Unchanged")!, (int)result.Value("ExitCode")!));
        Assert.Equal(["u1=1", "u3=30"], Profiles());
        Assert.Equal(0L, Import("-RemoveMissing").Succeeded().Value("Removed"));
        Assert.Equal([0L, 1L, 0L], _session.Run("(Get-UserProfileSync $state).Removed", new { state = State }).Output.Select(removed => removed.BaseObject));

        // The same row as before it was removed.
        Write("u1,1", "u2,2", "u3,30");
        Assert.Equal(1L, Import("-RemoveMissing").Succeeded().Value("Accepted"));
        Assert.Equal(["u1=1", "u2=2", "u3=30"], Profiles());
    }

    [Fact]
    public void A_profile_whose_row_is_left_out_is_not_missing()
    {
        Write("u1,1", "u2,2");
        Import();
        Write("u1,0", "u1,1", "u2,2", "u2,3");
        Assert.Equal((0L, 1L), Counts(Import("-RemoveMissing -MaxRemovePercent 100 -Unique").Succeeded()));
        Assert.Equal(["u1=1", "u2=3"], Profiles());
    }

    [Fact]
    public void Nothing_is_removed_if_a_row_was_rejected()
    {
        Write("u1,1", "u2,2");
        Import();
        Write("u1,1", "u3,3,3");
        var result = Import("-RemoveMissing -MaxRemovePercent 100");
        Assert.Contains(result.Warnings, warning => warning.StartsWith("No user profile is removed", StringComparison.Ordinal));
        Assert.Equal(["u1=1", "u2=2"], Profiles());
    }

    [Theory]
    [InlineData("distinct_id,v\nu1,1\n", "-MaxRemovePercent 49", "more than 49 percent")]
    [InlineData("distinct_id,v\nu1,1\n", "", "more than 5 percent")]
    [InlineData("distinct_id,v\n", "-MaxRemovePercent 100", "no rows")]
    [InlineData("distinct_id,v\nu1,1\n", "-MaxRemovePercent 100 -InferType", "other parameters")]
    public void Nothing_is_removed_that_looks_like_a_mistake(string text, string parameters, string reason)
    {
        Write("u1,1", "u2,2");
        Import();
        _folder.Write("a.csv", text);
        var result = Import("-RemoveMissing " + parameters);
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("RemovalRefused,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, result.Value("ExitCode"));
        Assert.Equal(["u1=1", "u2=2"], Profiles());
    }

    [Fact]
    public void What_other_input_sent_stays()
    {
        Write("u1,1", "u2,2");
        Import();
        var other = _folder.Write("b.csv", "distinct_id,v\nu3,3\n");
        var refused = Import("-RemoveMissing -MaxRemovePercent 100", other);
        Assert.StartsWith("RemovalRefused,", Assert.Single(refused.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(["u1=1", "u2=2", "u3=3"], Profiles());

        // Also beside what the input itself has sent.
        _folder.Write("b.csv", "distinct_id,v\nu4,4\n");
        var removed = Import("-RemoveMissing -MaxRemovePercent 100", other).Succeeded();
        Assert.Contains(removed.Warnings, warning => warning.StartsWith("2 profiles of the state are missing too", StringComparison.Ordinal));
        Assert.Equal(["u1=1", "u2=2", "u4=4"], Profiles());
    }

    [Fact]
    public void A_backup_has_the_profiles_and_brings_them_back()
    {
        Write("u1,1", "u2,2");
        Import();
        Write("u1,1");
        var backup = _folder.File("removed.csv");
        var result = _session.Run(
            "Import-UserProfileCsv $file -StatePath $state -RemoveMissing -MaxRemovePercent 50 -BackupPath $backup -Confirm:$false",
            new { file = _folder.File("a.csv"), state = State, backup }).Succeeded();
        Assert.Equal(1L, result.Value("Removed"));
        Assert.Equal(["u1=1"], Profiles());
        _session.Run("$null = Import-UserProfileCsv $backup -IgnoreTime", new { backup }).Succeeded();
        Assert.Equal(["u1=1", "u2=2"], Profiles());
    }

    [Fact]
    public void A_removal_that_fails_is_continued_by_the_next_run()
    {
        // The third request of the first run is that of its rows: the two before test the connection.
        _session.Run("Stop-UserProfileServer; $server = Start-UserProfileServer -Fault @{ Kind = 'Status'; Status = 401; Every = 4; Endpoint = 'Ingestion' }").Succeeded();
        Write("u1,1", "u2,2", "u3,3");
        Import().Succeeded();
        Write("u1,1");
        var failed = Import("-RemoveMissing -MaxRemovePercent 100");
        Assert.StartsWith("ServiceUnauthorized,", Assert.Single(failed.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal((0L, 2), ((long)failed.Value("Removed")!, (int)failed.Value("ExitCode")!));
        Assert.Equal(["u1=1", "u2=2", "u3=3"], Profiles());
        Assert.Equal(2L, Import("-RemoveMissing -MaxRemovePercent 100").Succeeded().Value("Removed"));
        Assert.Equal(["u1=1"], Profiles());
    }

    [Fact]
    public void WhatIf_says_what_would_change_and_changes_nothing()
    {
        Write("u1,1", "u2,2", "u3,3");
        Import();
        Write("u1,1", "u2,20", "u4,4");
        var result = _session.Run(
            "Import-UserProfileCsv $file -StatePath $state -RemoveMissing -MaxRemovePercent 50 -WhatIf", new { file = _folder.File("a.csv"), state = State }).Succeeded();
        Assert.Contains(result.Information, text => text == "Compared with the state: 1 new ('u4'), 1 changed ('u2'), 1 unchanged ('u1'), 1 to be removed ('u3').");
        Assert.Equal((0L, 1L), Counts(result));
        Assert.Equal(["u1=1", "u2=2", "u3=3"], Profiles());
    }

    private string State => _folder.File("s.db");

    private static (long Removed, long Unchanged) Counts(ScriptResult result) => ((long)result.Value("Removed")!, (long)result.Value("Unchanged")!);

    private void Write(params string[] rows) => _folder.Write("a.csv", "distinct_id,v\n" + string.Join('\n', rows) + "\n");

    private ScriptResult Import(string parameters = "", string? file = null) => _session.Run(
        $"Import-UserProfileCsv $file -StatePath $state -Confirm:$false {parameters}", new { file = file ?? _folder.File("a.csv"), state = State });

    private IEnumerable<string> Profiles() => _session
        .Run("Get-UserProfile | Sort-Object DistinctId | ForEach-Object { \"$($_.DistinctId)=$($_.v)\" }").Succeeded()
        .Output.Select(profile => profile.ToString());
}
