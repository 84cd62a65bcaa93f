using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using CsCheck;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

public sealed class JoinUserProfileTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly dynamic _server;

    public JoinUserProfileTests() => _server = _session.Run("$server = Start-UserProfileServer; $server").Succeeded().Single();

    private long Requests => (long)_server.RequestCount;

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("[pscustomobject]@{ distinct_id = 'user-2'; event = 'e' }")]
    [InlineData("[pscustomobject]@{ '$distinct_id' = 'user-2'; event = 'e' }")]
    [InlineData("[pscustomobject]@{ event = 'e'; DistinctId = 'user-2' }")]
    [InlineData("@{ distinct_id = 'user-2'; event = 'e' }")]
    [InlineData("[ordered]@{ DISTINCT_ID = 'user-2'; event = 'e' }")]
    [InlineData("[pscustomobject]@{ event = 'e'; properties = [pscustomobject]@{ time = 1; distinct_id = 'user-2' } }")]
    [InlineData("[pscustomobject]@{ event = 'e'; properties = @{ time = 1; distinct_id = 'user-2' } }")]
    [InlineData("@{ event = 'e'; properties = @{ distinct_id = 'user-2' } }")]
    [InlineData("[pscustomobject]@{ event = 'e'; distinct_id = ''; properties = @{ distinct_id = 'user-2' } }")]
    [InlineData("$t = [System.Data.DataTable]::new(); $null = $t.Columns.Add('event'); $null = $t.Columns.Add('distinct_id'); $null = $t.Rows.Add('e', 'user-2'); $t.Rows[0]")]
    [InlineData("[pscustomobject]@{ event = 'e'; who = 'user-2'; distinct_id = 'user-1' }", "-IdentifierProperty who")]
    [InlineData("[pscustomobject]@{ event = 'e'; properties = @{ who = 'user-2' } }", "-IdentifierProperty who")]
    public void An_event_of_any_kind_gets_the_properties_of_its_users_profile(string input, string parameters = "")
    {
        Fill(3);
        var joined = _session.Run($"{input} | Join-UserProfile {parameters}").Succeeded();
        Assert.Equal(("e", 2L), (joined.Value("event"), joined.Value("profile_v")));
        Assert.IsType<DateTime>(joined.Value("profile_UpdatedAt"));
        Assert.Empty(joined.Warnings);
    }

    [Fact]
    public void An_id_may_be_a_number()
    {
        _session.Run("Set-UserProfile 42 -Property @{ v = 'x' }").Succeeded();
        Assert.Equal("x", _session.Run("@{ distinct_id = 42 } | Join-UserProfile").Succeeded().Value("profile_v"));
    }

    [Fact]
    public void The_events_own_object_stays_as_it_is_and_the_copy_keeps_its_members_order_types_and_values()
    {
        Fill(1);
        var result = _session.Run("""
            $e = [pscustomobject]@{ PSTypeName = 'My.Event'; time = [datetime]'2026-01-02'; distinct_id = 'user-1'; list = 1, 2 }
            $h = @{ distinct_id = 'user-1' }
            $p = Get-UserProfile user-1
            $joined = $e, $h, $p | Join-UserProfile -Prefix user_
            $joined[0]
            """).Succeeded();
        Assert.Equal(["time", "distinct_id", "list", "user_UpdatedAt", "user_v"], Assert.Single(result.Output).Properties.Select(p => p.Name));
        Assert.Contains("My.Event", result.Output[0].TypeNames);
        Assert.IsType<DateTime>(result.Value("time"));
        Assert.Equal("time distinct_id list", Text("[string]$e.psobject.Properties.Name"));
        Assert.Equal("distinct_id", Text("[string]$h.Keys"));
        Assert.Equal("DistinctId UpdatedAt v", Text("[string]$p.psobject.Properties.Name"));
        Assert.Equal("True", Text("[string][object]::ReferenceEquals($joined[0].list, $e.list)"));
        Assert.Equal("distinct_id user_UpdatedAt user_v", Text("[string]$joined[1].psobject.Properties.Name"));
    }

    [Fact]
    public void Events_keep_their_order_and_pass_through_without_a_profile()
    {
        Fill(2);
        var result = _session.Run("@{ n = 1; distinct_id = 'user-2' }, @{ n = 2; distinct_id = 'nobody' }, @{ n = 3 }, @{ n = 4; distinct_id = 'user-1' }, @{ n = 5; distinct_id = @(1, 2) }, @{ n = 6; distinct_id = 'user-2' } | Join-UserProfile").Succeeded();
        Assert.Equal("1:2 2: 3: 4:1 5: 6:2", string.Join(' ', result.Output.Select(e => $"{e.Properties["n"].Value}:{e.Properties["profile_v"]?.Value}")));
        Assert.Contains("-IdentifierProperty", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Named_properties_are_members_of_every_event_so_that_they_are_columns_of_a_file()
    {
        Fill(1);
        var result = _session.Run("@{ distinct_id = 'nobody' }, @{ distinct_id = 'user-1' }, @{ x = 1 } | Join-UserProfile v, missing, '$last_seen' -WarningAction SilentlyContinue").Succeeded();
        Assert.All(result.Output, e => Assert.Equal(["profile_v", "profile_missing", "profile_UpdatedAt"], e.Properties.Select(p => p.Name).Skip(1)));
        Assert.Equal([null, 1L, null], result.Output.Select(e => e.Properties["profile_v"].Value));
        Assert.IsType<DateTime>(result.Output[1].Properties["profile_UpdatedAt"].Value);
    }

    [Fact]
    public void A_member_that_the_event_has_is_never_replaced_and_the_collision_is_told_once()
    {
        _session.Run("Set-UserProfile x -Property @{ plan = 'of profile'; other = 1; PSObject = 2; ToString = 3 }").Succeeded();
        var result = _session.Run("@{ distinct_id = 'x'; Plan = 'of event' }, @{ distinct_id = 'x'; Plan = 'of event' } | Join-UserProfile -Prefix ''").Succeeded();
        Assert.All(result.Output, e => Assert.Equal(("of event", 1L), (e.Properties["plan"].Value, e.Properties["other"].Value)));
        Assert.Contains("-Prefix", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1..2500 | ForEach-Object { @{ distinct_id = \"user-$_\" } }", "", 3)]
    [InlineData("1..3000 | ForEach-Object { @{ distinct_id = \"user-$($_ % 10)\" } }", "", 1)]
    [InlineData("1..3000 | ForEach-Object { @{ distinct_id = \"user-$([math]::Floor($_ / 100))\" } }", "-BatchSize 10", 4)]
    [InlineData("1..40 | ForEach-Object { @{ distinct_id = \"user-$_\" } }", "-BatchSize 10", 4)]
    [InlineData("@{ x = 1 }", "-WarningAction SilentlyContinue", 0)]
    [InlineData("@()", "", 0)]
    public void Queries_are_counted_by_distinct_ids_not_by_events(string events, string parameters, int queries)
    {
        var before = Requests;
        _session.Run($"{events} | Join-UserProfile {parameters}").Succeeded();
        Assert.Equal(queries, Requests - before);
    }

    [Theory]
    [InlineData("-BatchSize 7", "\"user-$_\"", 7)]
    [InlineData("", "\"user-$_\"", 1000)]
    [InlineData("", "'user-1'", 10000)]
    public void Events_wait_for_a_query_and_no_longer(string parameters, string id, int made)
    {
        Fill(1);
        var first = _session.Run($"1..10500 | ForEach-Object {{ $made = $_; @{{ distinct_id = {id} }} }} | Join-UserProfile {parameters} | ForEach-Object {{ if (-not $first) {{ $first = $made }} }}; [string]$first").Succeeded();
        Assert.Equal($"{made}", first.Output[^1].ToString());
    }

    [Fact]
    public void Of_the_profiles_the_last_ten_thousand_are_remembered()
    {
        var result = _session.Run("(1..10000) + 1, 10001, 1, 2 | ForEach-Object { @{ distinct_id = \"user-$_\" } } | Join-UserProfile -Verbose").Succeeded();

        // The second 1 is remembered; 10001 takes the place of 2, which was used least lately, so the third 1 is too.
        Assert.Matches(@"\b2 .*\b0 ", result.Verbose[^2]);
        Assert.Matches(@"\b10,004 .*\b0 ", result.Verbose[^1]);
    }

    [Fact]
    public void Nothing_is_asked_for_that_nobody_waits_for()
    {
        var before = Requests;
        var result = _session.Run("foreach ($p in 1) { 1..5000 | ForEach-Object { @{ distinct_id = \"user-$_\" } } | Join-UserProfile | ForEach-Object { $n++; $_; if ($n -eq 3) { break } } }").Succeeded();
        Assert.Equal((3, 1L), (result.Output.Count, Requests - before));
    }

    [Theory]
    [InlineData("'text'")]
    [InlineData("1")]
    [InlineData(", (1, 2)")]
    public void What_is_no_event_is_an_error_and_costs_no_other(string input)
    {
        var result = _session.Run($"@({input}; @{{ n = 1; distinct_id = 'x' }}) | ForEach-Object {{ , $_ }} | Join-UserProfile");
        var error = Assert.Single(result.Errors);
        Assert.Equal(("EventNotReadable,ProfilesModule.Commands.JoinUserProfileCommand", ErrorCategory.InvalidData), (error.FullyQualifiedErrorId, error.CategoryInfo.Category));
        Assert.Contains("ConvertFrom-Json", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(result.Output).Properties["n"].Value);
    }

    [Fact]
    public void A_failed_query_ends_the_join_and_says_what_was_written()
    {
        var result = _session.Run("$null = Start-UserProfileServer -Fault @{ Endpoint = 'Query'; Status = 402; Every = 2 }; 1..25 | ForEach-Object { @{ distinct_id = \"user-$_\" } } | Join-UserProfile -BatchSize 10");
        Assert.Equal("QueryNotInPlan,ProfilesModule.Commands.JoinUserProfileCommand", result.TerminatingError.FullyQualifiedErrorId);
        Assert.Matches(@"\b402\b.*\b10 events\b.*\b10\b", result.TerminatingError.ErrorDetails.Message);
        Assert.Equal(10, result.Output.Count);
    }

    [Fact]
    public void A_profile_under_another_id_is_told()
    {
        using var service = new RecordingService { Answer = (_, _) => Task.FromResult<(int, string)?>((200, """{"results":[{"$distinct_id":"canonical","$properties":{"v":1}}]}""")) };
        var result = _session.Run("Connect-UserProfileService -Token t -Endpoint $endpoint; @{ distinct_id = 'merged' } | Join-UserProfile", new { endpoint = service.Endpoint }).Succeeded();
        Assert.Null(Assert.Single(result.Output).Properties["profile_v"]);
        Assert.Contains("'canonical'", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_needs_a_service_account_where_the_service_is_not_on_this_machine() => Assert.Equal(
        "QueryNotConfigured,ProfilesModule.Commands.JoinUserProfileCommand",
        _session.Run("Connect-UserProfileService -Token t; @{ distinct_id = 1 } | Join-UserProfile").TerminatingError.FullyQualifiedErrorId);

    [Fact]
    public async Task A_join_can_be_stopped_while_its_query_stalls()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        _session.Run("Connect-UserProfileService -Token $token -Endpoint $endpoint", new { token = "t", endpoint = new Uri($"http://{listener.LocalEndpoint}/") }).Succeeded();
        using var shell = _session.Start("1..100000 | ForEach-Object { @{ distinct_id = $_ } } | Join-UserProfile");
        var running = shell.BeginInvoke();
        using var connection = await listener.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(60));
        var watch = Stopwatch.StartNew();
        shell.Stop();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.ThrowsAny<RuntimeException>(() => shell.EndInvoke(running));
    }

    [Fact]
    public void Any_stream_is_joined_as_a_naive_join_would()
    {
        Fill(20);
        Gen.Select(Gen.Int[1, 30].Array[0, 60], Gen.Int[1, 12]).Sample(
            (ids, batchSize) =>
            {
                var events = ids.Select((id, n) => new Hashtable { ["n"] = n, ["distinct_id"] = $"user-{id}" }).ToArray();
                var joined = _session.Run($"$events | Join-UserProfile v -BatchSize {batchSize}", new { events }).Succeeded().Output;
                Assert.Equal(
                    ids.Select((id, n) => (n, id <= 20 ? (object)(long)id : null)),
                    joined.Select(e => ((int)e.Properties["n"].Value, (object?)e.Properties["profile_v"].Value)));
            },
            iter: 40,
            threads: 1);
    }

    private void Fill(int count) =>
        _session.Run($"1..{count} | ForEach-Object {{ @{{ distinct_id = \"user-$_\"; v = $_ }} }} | Set-UserProfile -BatchSize 2000").Succeeded();

    private string Text(string script) => Assert.Single(_session.Run(script).Succeeded().Output).ToString();
}
