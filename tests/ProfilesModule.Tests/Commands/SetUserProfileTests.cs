using System.Data;
using System.Management.Automation;
using System.Text.Json;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

public sealed class SetUserProfileTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly RecordingService _service = new();

    public SetUserProfileTests() => _session.Run("Connect-UserProfileService -Token $token -Endpoint $endpoint", new { token = "t", endpoint = _service.Endpoint }).Succeeded();

    public void Dispose()
    {
        _session.Dispose();
        _service.Dispose();
    }

    [Theory]
    [InlineData("[pscustomobject]@{ id = 7; plan = 'pro'; seats = 3 }")]
    [InlineData("@{ id = 7; plan = 'pro'; seats = 3 }")]
    [InlineData("[ordered]@{ id = '7'; plan = 'pro'; seats = 3 }")]
    [InlineData("class Row { $id = 7; $plan = 'pro'; $seats = 3 }; [Row]::new()")]
    public void Objects_and_dictionaries_of_the_pipeline_become_properties(string row)
    {
        _session.Run($"{row} | Set-UserProfile -IdentifierProperty id").Succeeded();
        Assert.Equal("3 pro", $"{Property("7", "seats")} {Property("7", "plan")}");
        Assert.Equal(2, _service.Profiles["7"].EnumerateObject().Count());
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
        _session.Run("$rows | Set-UserProfile -IdentifierProperty id", new { rows = table.Rows }).Succeeded();
        Assert.Equal("""{"name":"Ann","balance":12.50,"gone":null}""", _service.Profiles["1"].GetRawText());
        Assert.Equal("""{"name":"Ben","balance":0,"gone":"2024-02-29T01:02:03"}""", _service.Profiles["2"].GetRawText());
    }

    [Fact]
    public void A_data_reader_brings_its_fields()
    {
        using var table = new DataTable();
        table.Columns.Add("id", typeof(Guid));
        table.Columns.Add("n", typeof(int));
        table.Rows.Add(Guid.Empty, 5);
        using var reader = table.CreateDataReader();
        _session.Run("$reader | Set-UserProfile -IdentifierProperty id", new { reader }).Succeeded();
        Assert.Equal("""{"n":5}""", _service.Profiles[Guid.Empty.ToString()].GetRawText());
    }

    [Fact]
    public void Nested_values_keep_their_shape()
    {
        _session.Run("[pscustomobject]@{ distinct_id = 'x'; roles = @('a', 'b'); address = [pscustomobject]@{ city = 'Bern'; geo = @{ lat = 46.9 } }; none = $null; on = $true } | Set-UserProfile").Succeeded();
        Assert.Equal("""{"roles":["a","b"],"address":{"city":"Bern","geo":{"lat":46.9}},"none":null,"on":true}""", _service.Profiles["x"].GetRawText());
    }

    [Theory]
    [InlineData("DistinctId")]
    [InlineData("distinct_id")]
    [InlineData("$distinct_id")]
    public void The_usual_identifier_names_are_known(string name)
    {
        _session.Run($"[pscustomobject]@{{ '{name}' = 'x'; a = 1 }} | Set-UserProfile").Succeeded();
        Assert.Equal("""{"a":1}""", _service.Profiles["x"].GetRawText());
    }

    [Fact]
    public void A_plain_id_is_no_identifier_unless_it_is_named()
    {
        var result = _session.Run("[pscustomobject]@{ Id = 'x'; a = 1 } | Set-UserProfile");
        var error = Assert.Single(result.Errors);
        Assert.Equal("MissingIdentifier,ProfilesModule.Commands.SetUserProfileCommand", error.FullyQualifiedErrorId);
        Assert.Contains("-IdentifierProperty", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Assert.Empty(_service.Profiles);
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
        var error = Assert.Single(_session.Run($"[pscustomobject]@{{ id = {identifier}; a = 1 }} | Set-UserProfile -IdentifierProperty id").Errors);
        Assert.Equal(errorId + ",ProfilesModule.Commands.SetUserProfileCommand", error.FullyQualifiedErrorId);
        Assert.Empty(_service.Profiles);
    }

    [Fact]
    public void Named_profiles_get_the_properties_that_are_given()
    {
        _session.Run("Set-UserProfile -DistinctId a, 5 -Property @{ plan = 'pro' }").Succeeded();
        _session.Run("[pscustomobject]@{ distinct_id = 'b'; other = 1 } | Set-UserProfile -Property @{ plan = 'free' }").Succeeded();
        Assert.Equal(["5", "a", "b"], _service.Profiles.Keys.Order());
        Assert.Equal("""{"plan":"free"}""", _service.Profiles["b"].GetRawText());
    }

    [Fact]
    public void A_bad_row_is_an_error_that_names_it_and_gives_it_back_and_costs_no_other()
    {
        var result = _session.Run("1..5 | ForEach-Object { [pscustomobject]@{ id = $_; v = if ($_ -eq 3) { [double]::NaN } else { $_ } } } | Set-UserProfile -IdentifierProperty id");
        var error = Assert.Single(result.Errors);
        Assert.Equal("UnsupportedValue,ProfilesModule.Commands.SetUserProfileCommand", error.FullyQualifiedErrorId);
        Assert.StartsWith("Object 3: The property 'v' cannot be sent", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("3", ((PSObject)error.TargetObject).Properties["id"].Value.ToString());
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Equal(["1", "2", "4", "5"], _service.Profiles.Keys.Order());
    }

    [Theory]
    [InlineData("'text'")]
    [InlineData("42")]
    public void What_has_no_properties_is_refused(string input)
    {
        var error = Assert.Single(_session.Run($"{input} | Set-UserProfile -IdentifierProperty id").Errors);
        Assert.Equal("UnsupportedObject,ProfilesModule.Commands.SetUserProfileCommand", error.FullyQualifiedErrorId);
    }

    [Fact]
    public void What_the_service_refused_can_be_piped_back_once_it_is_mended()
    {
        _service.Answer = (_, records) => Task.FromResult<(int, string)?>(records.Any(r => Id(r) == "3") ? (400, """{"error":"poison","status":0}""") : null);
        var result = _session.Run("1..5 | ForEach-Object { [pscustomobject]@{ id = $_; v = $_ } } | Set-UserProfile -IdentifierProperty id -ErrorVariable failed");
        var error = Assert.Single(result.Errors);
        Assert.Equal("UpdateRejected,ProfilesModule.Commands.SetUserProfileCommand", error.FullyQualifiedErrorId);
        Assert.Equal("Object 3: the service rejected the update: poison", error.ToString());
        _service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        _session.Run("$failed.TargetObject | Set-UserProfile -IdentifierProperty id").Succeeded();
        Assert.Equal(5, _service.Profiles.Count);
    }

    [Fact]
    public void Nothing_is_written_without_passthru_and_what_was_accepted_with_it()
    {
        Assert.Empty(_session.Run("[pscustomobject]@{ id = 1; a = 2 } | Set-UserProfile -IdentifierProperty id").Succeeded().Output);
        var passed = _session.Run("[pscustomobject]@{ id = 1; a = 2 } | Set-UserProfile -IdentifierProperty id -PassThru").Succeeded();
        Assert.Equal(("1", 2), (passed.Value("DistinctId"), passed.Value("a")));
        Assert.Equal("ProfilesModule.UserProfile", passed.Output[0].TypeNames[0]);
        var named = _session.Run("Set-UserProfile -DistinctId x -Property @{ a = 3 } -PassThru").Succeeded();
        Assert.Equal(("x", 3), (named.Value("DistinctId"), named.Value("a")));
    }

    [Fact]
    public void WhatIf_sends_nothing()
    {
        _session.Run("1..3 | ForEach-Object { [pscustomobject]@{ id = $_ } } | Set-UserProfile -IdentifierProperty id -WhatIf").Succeeded();
        Assert.Equal(0, _service.Requests);
    }

    [Fact]
    public void Verbose_tells_of_every_request()
    {
        var lines = _session.Run("1..5 | ForEach-Object { [pscustomobject]@{ id = $_ } } | Set-UserProfile -IdentifierProperty id -BatchSize 2 -MaxConcurrency 1 -Verbose").Succeeded().Verbose;
        Assert.Matches(@"^Batch 2: objects 3-4, 2 updates, \d+ bytes, status 200, \d+ ms, attempt 1\.$", lines.Single(l => l.StartsWith("Batch 2", StringComparison.Ordinal)));
        Assert.Contains(lines, l => l.StartsWith("Batch 3: objects 5-5, 1 update,", StringComparison.Ordinal));
    }

    [Fact]
    public void A_refusal_of_access_ends_the_command()
    {
        _service.Answer = (_, _) => Task.FromResult<(int, string)?>((403, """{"error":"no access","status":"error"}"""));
        var result = _session.Run("1..1000 | ForEach-Object { [pscustomobject]@{ id = $_ } } | Set-UserProfile -IdentifierProperty id -BatchSize 10 -MaxConcurrency 1");
        Assert.Equal("ServiceForbidden,ProfilesModule.Commands.SetUserProfileCommand", result.TerminatingError.FullyQualifiedErrorId);
        Assert.Contains("no access", result.TerminatingError.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, _service.Requests);
    }

    [Fact]
    public void When_no_attempt_succeeds_the_rows_are_given_back_in_one_error_and_the_command_ends()
    {
        _service.Answer = (_, _) => Task.FromResult<(int, string)?>((503, "busy"));
        var result = _session.Run("1..3 | ForEach-Object { [pscustomobject]@{ id = $_ } } | Set-UserProfile -IdentifierProperty id -MaximumRetryCount 2 -RetryIntervalSec 0 -ErrorVariable failed");
        Assert.Equal("RetriesExhausted,ProfilesModule.Commands.SetUserProfileCommand", result.TerminatingError.FullyQualifiedErrorId);
        var error = Assert.Single(result.Errors);
        Assert.Equal("DeliveryFailed,ProfilesModule.Commands.SetUserProfileCommand", error.FullyQualifiedErrorId);
        Assert.Equal(3, ((object?[])error.TargetObject).Length);
        Assert.Equal(3, _service.Requests);
    }

    [Fact]
    public void ErrorAction_Stop_ends_at_the_first_bad_row()
    {
        var result = _session.Run("1..10 | ForEach-Object { [pscustomobject]@{ id = if ($_ -ne 2) { $_ } } } | Set-UserProfile -IdentifierProperty id -BatchSize 1 -ErrorAction Stop");
        Assert.Equal("MissingIdentifier,ProfilesModule.Commands.SetUserProfileCommand", result.TerminatingError.FullyQualifiedErrorId);
        Assert.DoesNotContain("10", _service.Profiles.Keys);
    }

    private static string Id(JsonElement record) => record.GetProperty("$distinct_id").GetString()!;

    private string Property(string id, string name) => _service.Profiles[id].GetProperty(name).ToString();
}
