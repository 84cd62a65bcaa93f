using System.Data;
using System.Management.Automation;
using System.Text.Json;
using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

public sealed class SetUserProfileTests : ConnectedTests
{
    [Theory]
    [InlineData("[pscustomobject]@{ id = 7; plan = 'pro'; seats = 3 }")]
    [InlineData("@{ id = 7; plan = 'pro'; seats = 3 }")]
    [InlineData("[ordered]@{ id = '7'; plan = 'pro'; seats = 3 }")]
    [InlineData("class Row { $id = 7; $plan = 'pro'; $seats = 3 }; [Row]::new()")]
    public void Objects_and_dictionaries_of_the_pipeline_become_properties(string row)
    {
        Session.Run($"{row} | Set-UserProfile -IdentifierProperty id").Succeeded();
        Assert.Equal("3 pro", $"{Property("7", "seats")} {Property("7", "plan")}");
        Assert.Equal(2, Service.Profiles["7"].EnumerateObject().Count());
    }

    [Fact]
    public void A_data_row_brings_its_columns_and_nothing_that_powershell_adds()
    {
        using var table = new DataTable();
        table.Columns.Add("id", typeof(long));
        table.Columns.Add("name", typeof(string));
        table.Columns.Add("balance", typeof(decimal));
        table.Columns.Add("gone", typeof(DateTime));
        table.Rows.Add(1L, "Ann", 12.50m, DBNull.Value);
        table.Rows.Add(2L, "Ben", 0m, new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc));
        Session.Run("$rows | Set-UserProfile -IdentifierProperty id", new { rows = table.Rows }).Succeeded();
        Assert.Equal("""{"name":"Ann","balance":12.50}""", Service.Profiles["1"].GetRawText());
        Assert.Equal("""{"name":"Ben","balance":0,"gone":"2024-02-29T01:02:03"}""", Service.Profiles["2"].GetRawText());
    }

    [Fact]
    public void A_data_reader_brings_its_fields()
    {
        using var table = new DataTable();
        table.Columns.Add("id", typeof(Guid));
        table.Columns.Add("n", typeof(int));
        var id = Guid.NewGuid();
        table.Rows.Add(id, 5);
        using var reader = table.CreateDataReader();
        Session.Run("$reader | Set-UserProfile -IdentifierProperty id", new { reader }).Succeeded();
        Assert.Equal("""{"n":5}""", Service.Profiles[id.ToString()].GetRawText());
    }

    [Fact]
    public void Nested_values_keep_their_shape()
    {
        Session.Run("[pscustomobject]@{ distinct_id = 'x'; roles = @('a', 'b'); address = [pscustomobject]@{ city = 'Bern'; geo = @{ lat = 46.9 }; none = $null; empty = '' }; on = $true } | Set-UserProfile").Succeeded();
        Assert.Equal("""{"roles":["a","b"],"address":{"city":"Bern","geo":{"lat":46.9},"none":null,"empty":""},"on":true}""", Service.Profiles["x"].GetRawText());
    }

    [Theory]
    [InlineData("DistinctId")]
    [InlineData("distinct_id")]
    [InlineData("$distinct_id")]
    public void The_usual_identifier_names_are_known(string name)
    {
        Session.Run($"[pscustomobject]@{{ '{name}' = 'x'; a = 1 }} | Set-UserProfile").Succeeded();
        Assert.Equal("""{"a":1}""", Service.Profiles["x"].GetRawText());
    }

    [Fact]
    public void A_plain_id_is_no_identifier_unless_it_is_named()
    {
        var result = Session.Run("[pscustomobject]@{ Id = 'x'; a = 1 } | Set-UserProfile");
        var error = Assert.Single(result.Errors);
        Assert.Equal("MissingIdentifier,ProfilesModule.Commands.SetUserProfileCommand", error.FullyQualifiedErrorId);
        Assert.Contains("-IdentifierProperty", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(Service.Profiles);
    }

    [Theory]
    [InlineData("$null", "MissingIdentifier")]
    [InlineData("''", "MissingIdentifier")]
    [InlineData("$(if ($false) { 1 })", "MissingIdentifier")]
    [InlineData("@(1, 2)", "InvalidIdentifier")]
    [InlineData("@{ a = 1 }", "InvalidIdentifier")]
    [InlineData("[pscustomobject]@{ a = 1 }", "InvalidIdentifier")]
    public void What_identifies_no_profile_is_refused(string identifier, string errorId)
    {
        var error = Assert.Single(Session.Run($"[pscustomobject]@{{ id = {identifier}; a = 1 }} | Set-UserProfile -IdentifierProperty id").Errors);
        Assert.Equal(errorId + ",ProfilesModule.Commands.SetUserProfileCommand", error.FullyQualifiedErrorId);
        Assert.Empty(Service.Profiles);
    }

    [Fact]
    public void Properties_that_are_changed_on_a_profile_are_what_is_sent_back()
    {
        Session.Run("""
            $server = Start-UserProfileServer
            Set-UserProfile 1 -Property @{ plan = 'trial'; seats = 1 }
            $p = Get-UserProfile 1
            $p.plan = 'pro'
            $p.psobject.Properties.Add([psnoteproperty]::new('x', 9))
            $p | Set-UserProfile
            """).Succeeded();
        var profile = Session.Run("Get-UserProfile 1").Succeeded();
        Assert.Equal(("pro", 1L, 9L), (profile.Value("plan"), profile.Value("seats"), profile.Value("x")));
        Assert.Contains("DistinctId", Session.Run("$p.DistinctId = 'other'").Terminating!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[pscustomobject]@{ id = 2; \"b$([char]0xd83d)\" = 1 }")]
    [InlineData("[pscustomobject]@{ id = \"2$([char]0xd83d)\"; b = 1 }")]
    [InlineData("[pscustomobject]@{ id = 2; b = [System.Linq.Enumerable]::Cast[int]([object[]]@('x')) }")]
    [InlineData("$deleted")]
    public void Whatever_is_wrong_with_a_row_is_trouble_of_that_row_only(string row)
    {
        using var table = new DataTable();
        table.Columns.Add("id");
        var deleted = table.Rows.Add("2");
        table.AcceptChanges();
        deleted.Delete();
        var result = Session.Run($"[pscustomobject]@{{ id = 1; b = 1 }}, ({row}), [pscustomobject]@{{ id = 3; b = 1 }} | Set-UserProfile -IdentifierProperty id", new { deleted });
        Assert.StartsWith("Object 2: ", Assert.Single(result.Errors).ToString(), StringComparison.Ordinal);
        Assert.Equal(["1", "3"], Service.Profiles.Keys.Order());
    }

    [Fact]
    public void What_a_profile_has_besides_its_properties_is_not_sent()
    {
        Session.Run("Set-UserProfile c -Property @{ v = 2 } -PassThru | Select-Object @{ n = 'DistinctId'; e = { 'b' } }, UpdatedAt, v | Set-UserProfile").Succeeded();
        Assert.Equal("""{"v":2}""", Service.Profiles["b"].GetRawText());
    }

    [Fact]
    public void Two_identifiers_must_agree_and_neither_is_a_property()
    {
        var result = Session.Run("[pscustomobject]@{ DistinctId = 'a'; distinct_id2 = 1; '$distinct_id' = 'a' }, [pscustomobject]@{ distinct_id = 'b'; '$distinct_id' = 'c' } | Set-UserProfile");
        Assert.StartsWith("InvalidIdentifier,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("""{"distinct_id2":1}""", Assert.Single(Service.Profiles).Value.GetRawText());
    }

    [Fact]
    public void WhatIf_tells_of_rows_that_the_run_would_refuse_and_of_those_only_as_refused()
    {
        var result = Session.Run("[pscustomobject]@{ id = 1; a = [double]::NaN }, [pscustomobject]@{ id = ''; a = 1 } | Set-UserProfile -IdentifierProperty id -WhatIf");
        Assert.Equal(2, result.Errors.Count);
        Assert.Equal(0, Service.Requests);
    }

    [Fact]
    public void Every_operation_is_an_update_of_its_own_in_their_order()
    {
        Session.Run("""
            Set-UserProfile x -Unset old -RemoveValue @{ roles = 'guest' } -Union ([ordered]@{ roles = 'admin'; tags = 'a', 'b' }) -Append @{ log = 'x' } `
                -Increment ([ordered]@{ logins = 1; balance = -2.50d }) -PropertyOnce @{ first = 1 } -Property @{ plan = 'pro' }
            """).Succeeded();
        Assert.Equal(
            """
            {"$set":{"plan":"pro"}} {"$set_once":{"first":1}} {"$add":{"logins":1,"balance":-2.50}} {"$append":{"log":"x"}}
             {"$union":{"roles":["admin"],"tags":["a","b"]}} {"$remove":{"roles":"guest"}} {"$unset":["old"]}
            """.ReplaceLineEndings(""),
            Operations());
    }

    [Theory]
    [InlineData("SetOnce", """{"$set_once":{"n":"5"}}""")]
    [InlineData("Add", """{"$add":{"n":5}}""")]
    [InlineData("Append", """{"$append":{"n":"5"}}""")]
    [InlineData("Union", """{"$union":{"n":["5"]}}""")]
    [InlineData("Remove", """{"$remove":{"n":"5"}}""")]
    public void An_operation_says_what_the_properties_of_rows_mean(string operation, string record)
    {
        Session.Run($"[pscustomobject]@{{ id = 'x'; n = '5' }} | Set-UserProfile -IdentifierProperty id -Operation {operation}").Succeeded();
        Assert.Equal(record, Operations());
    }

    [Fact]
    public void Only_numbers_are_added()
    {
        var result = Session.Run("Set-UserProfile x -Increment @{ logins = 'many' }");
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("UnsupportedValue,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Matches("^Object 1: .*'logins'.*String", error.ToString());
    }

    [Fact]
    public void A_record_carries_what_its_parameters_say()
    {
        Session.Run("Set-UserProfile x -Property @{ a = 1 } -IgnoreTime -Ip 203.0.113.9 -Latitude 46.9 -Longitude -7.4").Succeeded();
        Assert.Contains("\"$ip\":\"203.0.113.9\",\"$latitude\":46.9,\"$longitude\":-7.4,\"$ignore_time\":true,\"$set\"", Service.Bodies.Last(), StringComparison.Ordinal);
        var dated = Session.Run("Set-UserProfile x -Property @{ a = 1 } -Time ([datetimeoffset]::FromUnixTimeSeconds(1700000000))").Succeeded();
        Assert.Contains("\"$time\":1700000000000,", Service.Bodies.Last(), StringComparison.Ordinal);
        Assert.Single(dated.Warnings);
    }

    [Theory]
    [InlineData("Set-UserProfile -DistinctId x", "NothingToSet")]
    [InlineData("Set-UserProfile x -Property @{ a = 1 } -Latitude 5", "LocationIncomplete")]
    public void A_command_that_cannot_be_meant_is_refused(string script, string errorId) =>
        Assert.StartsWith(errorId + ",", Session.Run(script).TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Named_profiles_get_the_properties_that_are_given()
    {
        Session.Run("1, '2', [pscustomobject]@{ distinct_id = 3 } | Set-UserProfile -Property @{ plan = 'team' }").Succeeded();
        Assert.Equal(["1", "2", "3"], Service.Profiles.Keys.Order());
        Service.Profiles.Clear();
        Session.Run("Set-UserProfile -DistinctId a, 5 -Property @{ plan = 'pro' }").Succeeded();
        Session.Run("[pscustomobject]@{ distinct_id = 'b'; other = 1 } | Set-UserProfile -Property @{ plan = 'free' }").Succeeded();
        Assert.Equal(["5", "a", "b"], Service.Profiles.Keys.Order());
        Assert.Equal("""{"plan":"free"}""", Service.Profiles["b"].GetRawText());
    }

    [Fact]
    public void A_bad_row_is_an_error_that_names_it_and_gives_it_back_and_costs_no_other()
    {
        var result = Session.Run("1..5 | ForEach-Object { [pscustomobject]@{ id = $_; v = if ($_ -eq 3) { [double]::NaN } else { $_ } } } | Set-UserProfile -IdentifierProperty id");
        var error = Assert.Single(result.Errors);
        Assert.Equal("UnsupportedValue,ProfilesModule.Commands.SetUserProfileCommand", error.FullyQualifiedErrorId);
        Assert.Matches("^Object 3: .*'v'", error.ToString());
        Assert.Equal("3", ((PSObject)error.TargetObject).Properties["id"].Value.ToString());
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Equal(["1", "2", "4", "5"], Service.Profiles.Keys.Order());
    }

    [Theory]
    [InlineData("'text'")]
    [InlineData("42")]
    public void What_has_no_properties_is_refused(string input)
    {
        var error = Assert.Single(Session.Run($"{input} | Set-UserProfile -IdentifierProperty id").Errors);
        Assert.Equal("UnsupportedObject,ProfilesModule.Commands.SetUserProfileCommand", error.FullyQualifiedErrorId);
    }

    [Fact]
    public void What_the_service_refused_can_be_piped_back_once_it_is_mended()
    {
        Service.Answer = (_, records) => Task.FromResult<(int, string)?>(records.Any(r => Id(r) == "3") ? (400, """{"error":"poison","status":0}""") : null);
        var result = Session.Run("1..5 | ForEach-Object { [pscustomobject]@{ id = $_; v = $_ } } | Set-UserProfile -IdentifierProperty id -ErrorVariable failed");
        var error = Assert.Single(result.Errors);
        Assert.Equal("UpdateRejected,ProfilesModule.Commands.SetUserProfileCommand", error.FullyQualifiedErrorId);
        Assert.Matches("^Object 3: .*: poison$", error.ToString());
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        Session.Run("$failed.TargetObject | Set-UserProfile -IdentifierProperty id").Succeeded();
        Assert.Equal(5, Service.Profiles.Count);
    }

    [Fact]
    public void Nothing_is_written_without_passthru_and_what_was_accepted_with_it()
    {
        Assert.Empty(Session.Run("[pscustomobject]@{ id = 1; a = 2 } | Set-UserProfile -IdentifierProperty id").Succeeded().Output);
        var passed = Session.Run("[pscustomobject]@{ id = 1; a = 2 } | Set-UserProfile -IdentifierProperty id -PassThru").Succeeded();
        Assert.Equal(("1", 2), (passed.Value("DistinctId"), passed.Value("a")));
        Assert.Equal("ProfilesModule.UserProfile", passed.Output[0].TypeNames[0]);
        var named = Session.Run("Set-UserProfile -DistinctId x -Property @{ a = 3 } -PassThru").Succeeded();
        Assert.Equal(("x", 3), (named.Value("DistinctId"), named.Value("a")));
    }

    [Fact]
    public void Many_bad_rows_hold_nothing_up()
    {
        var result = Session.Run("1..6000 | ForEach-Object { if ($_ % 2) { @{ distinct_id = \"$_\" } } else { @{ other = 1 } } } | Set-UserProfile -PassThru -BatchSize 2000 -ErrorAction SilentlyContinue -ErrorVariable failed; $failed.Count");
        Assert.Null(result.Terminating);
        Assert.Equal((3001, "3000"), (result.Output.Count, result.Output[^1].ToString()));
        Assert.Equal(3000, Service.Applied.Count);
    }

    [Fact]
    public void WhatIf_sends_nothing()
    {
        Session.Run("1..3 | ForEach-Object { [pscustomobject]@{ id = $_ } } | Set-UserProfile -IdentifierProperty id -WhatIf").Succeeded();
        Assert.Equal(0, Service.Requests);
    }

    [Fact]
    public void Verbose_tells_of_every_request()
    {
        var lines = Session.Run("1..5 | ForEach-Object { [pscustomobject]@{ id = $_ } } | Set-UserProfile -IdentifierProperty id -BatchSize 2 -MaxConcurrency 1 -Verbose").Succeeded().Verbose;
        var second = lines.Single(l => l.StartsWith("Batch 2", StringComparison.Ordinal));
        Assert.Matches(@"^Batch 2: .*\b3-4\b.*\b2 updates\b.*\b\d+ bytes\b.*\b200\b.*\b\d+ ms\b.*\b1\b", second);
        Assert.Contains(lines, l => Regex.IsMatch(l, @"^Batch 3: .*\b5\b.*\b1 update\b"));
    }

    [Fact]
    public void A_refusal_of_access_ends_the_command()
    {
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>((403, """{"error":"no access","status":"error"}"""));
        var result = Session.Run("1..1000 | ForEach-Object { [pscustomobject]@{ id = $_ } } | Set-UserProfile -IdentifierProperty id -BatchSize 10 -MaxConcurrency 1");
        Assert.Equal("ServiceForbidden,ProfilesModule.Commands.SetUserProfileCommand", result.TerminatingError.FullyQualifiedErrorId);
        Assert.Contains("no access", result.TerminatingError.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, Service.Requests);
    }

    [Fact]
    public void When_no_attempt_succeeds_the_rows_are_given_back_in_one_error_and_the_command_ends()
    {
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>((503, "busy"));
        var result = Session.Run("1..3 | ForEach-Object { [pscustomobject]@{ id = $_ } } | Set-UserProfile -IdentifierProperty id -MaximumRetryCount 2 -RetryIntervalSec 0 -ErrorVariable failed");
        Assert.Equal("RetriesExhausted,ProfilesModule.Commands.SetUserProfileCommand", result.TerminatingError.FullyQualifiedErrorId);
        var error = Assert.Single(result.Errors);
        Assert.Equal("DeliveryFailed,ProfilesModule.Commands.SetUserProfileCommand", error.FullyQualifiedErrorId);
        Assert.Equal(3, ((object?[])error.TargetObject).Length);
        Assert.Equal(3, Service.Requests);
    }

    [Fact]
    public void ErrorAction_Stop_ends_at_the_first_bad_row()
    {
        var result = Session.Run("1..10 | ForEach-Object { [pscustomobject]@{ id = if ($_ -ne 2) { $_ } } } | Set-UserProfile -IdentifierProperty id -BatchSize 1 -ErrorAction Stop");
        Assert.Equal("MissingIdentifier,ProfilesModule.Commands.SetUserProfileCommand", result.TerminatingError.FullyQualifiedErrorId);
        Assert.DoesNotContain("10", Service.Profiles.Keys);
    }

    /// <summary>What the records of the last request do, each without its profile.</summary>
    private string Operations() => string.Join(' ', JsonDocument.Parse(Service.Bodies.Last()).RootElement.EnumerateArray()
        .Select(r => r.EnumerateObject().Last()).Select(p => $"{{\"{p.Name}\":{p.Value.GetRawText()}}}"));

    private static string Id(JsonElement record) => record.GetProperty("$distinct_id").GetString()!;

    private string Property(string id, string name) => Service.Profiles[id].GetProperty(name).ToString();
}
