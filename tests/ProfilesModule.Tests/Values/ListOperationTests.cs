using System.Text.Json;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Values;

/// <summary>$append and $remove take single values, so each element of a list is a record of its own; empty values are not sent.</summary>
public sealed class ListOperationTests : ConnectedTests
{
    public static TheoryData<string, string> Lines => new()
    {
        { "Set-UserProfile x -RemoveValue @{ roles = 'a', 'b' }", "remove" },
        { "Set-UserProfile x -Append @{ roles = 'a', 'b' }", "append" },
        { "[pscustomobject]@{ DistinctId = 'x'; roles = 'a', 'b' } | Set-UserProfile -Operation Remove", "remove" },
        { "[pscustomobject]@{ DistinctId = 'x'; roles = 'a', $null, '', 'b', [DBNull]::Value } | Set-UserProfile -Operation Append", "append" },
        { "Set-Content $csv 'DistinctId,roles','x,a;b'; $null = Import-UserProfileCsv $csv -PropertyType @{ roles = 'List' } -Operation Remove", "remove" },
        { "Set-Content $csv 'DistinctId,roles','x,\"[\"\"a\"\",null,\"\"b\"\"]\"'; $null = Import-UserProfileCsv $csv -PropertyType @{ roles = 'Json' } -Operation Append", "append" },
        { "Set-Content $json '{\"DistinctId\":\"x\",\"roles\":[\"a\",\"\",\"b\",null]}'; $null = Import-UserProfileJson $json -Operation Remove", "remove" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Each_element_is_a_record_of_the_same_request(string line, string operation)
    {
        Run(line);
        Assert.Equal([$"{{\"${operation}\":{{\"roles\":\"a\"}}}}", $"{{\"${operation}\":{{\"roles\":\"b\"}}}}"], Records(Assert.Single(Service.Bodies)));
    }

    [Fact]
    public void Lists_of_different_lengths_share_records()
    {
        Run("[pscustomobject]@{ DistinctId = 'x'; a = 1, 2, 3; b = 'y'; c = @(@{ d = 1 }, @(4, 5)) } | Set-UserProfile -Operation Append");
        Assert.Equal(
            ["""{"$append":{"a":1,"b":"y","c":{"d":1}}}""", """{"$append":{"a":2,"c":[4,5]}}""", """{"$append":{"a":3}}"""],
            Records(Assert.Single(Service.Bodies)));
    }

    public static TheoryData<string> Empty =>
    [
        "Set-UserProfile x -Union @{ roles = $null }",
        "Set-UserProfile x -RemoveValue @{ roles = @() }",
        "[pscustomobject]@{ DistinctId = 'x'; roles = $null } | Set-UserProfile -Operation Union",
        "[pscustomobject]@{ DistinctId = 'x'; roles = '' } | Set-UserProfile -Operation Union",
        "[pscustomobject]@{ DistinctId = 'x'; roles = [DBNull]::Value } | Set-UserProfile -Operation Append",
        "[pscustomobject]@{ DistinctId = 'x'; roles = $null, '' } | Set-UserProfile -Operation Remove",
    ];

    [Theory]
    [MemberData(nameof(Empty))]
    public void Empty_values_send_nothing(string line)
    {
        Run(line);
        Assert.Empty(Service.Bodies);
    }

    [Theory]
    [InlineData("Set-Content $csv 'DistinctId,roles','x,','y,a'; Import-UserProfileCsv $csv -Operation Union")]
    [InlineData("Set-Content $csv 'DistinctId,roles','x,','y,a'; Import-UserProfileCsv $csv -Operation Append -JournalPath $journal")]
    [InlineData("Set-Content $json '{\"DistinctId\":\"x\",\"roles\":null}','{\"DistinctId\":\"y\",\"roles\":[\"a\"]}'; Import-UserProfileJson $json -Operation Remove")]
    [InlineData("Set-Content $json '{\"DistinctId\":\"x\",\"roles\":[null,\"\"]}','{\"DistinctId\":\"y\",\"roles\":\"a\"}'; Import-UserProfileJson $json -Operation Union")]
    public void Rows_without_a_value_count_as_skipped(string line)
    {
        var result = Run(line);
        Assert.Equal("2 1 1 0", $"{result.Value("Read")} {result.Value("Accepted")} {result.Value("Skipped")} {result.Value("ExitCode")}");
        Assert.Single(Records(Assert.Single(Service.Bodies)));
    }

    [Fact]
    public void A_list_becomes_one_record_of_a_union()
    {
        Run("[pscustomobject]@{ DistinctId = 'x'; roles = 'a', $null, 'b'; plan = 'pro' } | Set-UserProfile -Operation Union");
        Assert.Equal(["""{"$union":{"roles":["a","b"],"plan":["pro"]}}"""], Records(Assert.Single(Service.Bodies)));
    }

    [Theory]
    [InlineData(2000, 0)]
    [InlineData(2001, 1)]
    public void A_row_whose_elements_do_not_fit_into_a_request_is_refused(int elements, int errors)
    {
        var result = Session.Run("[pscustomobject]@{ DistinctId = 'x'; a = 1..$n } | Set-UserProfile -Operation Remove", new { n = elements });
        Assert.Equal(errors, result.Errors.Count);
        if (errors > 0)
            Assert.StartsWith("UpdateTooLarge", result.Errors[0].FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(errors == 0 ? elements : 0, Service.Bodies.Sum(body => Records(body).Length));
    }

    [Theory]
    [InlineData("Append", 1, "OutcomeUnknown")]
    [InlineData("Append", 0, "UpdateRejected")]
    [InlineData("Remove", 1, "UpdateRejected")]
    public void A_row_of_which_only_a_part_was_applied_may_count_twice_where_it_appends(string operation, int imported, string errorId)
    {
        Service.Answer = (_, records) => Task.FromResult<(int, string)?>(records.Length == 2
            ? (400, $"{{\"code\":400,\"status\":\"Bad Request\",\"num_records_imported\":{imported},\"failed_records\":[{{\"index\":1,\"message\":\"too old\"}}{(imported == 0 ? ",{\"index\":0,\"message\":\"too old\"}" : "")}]}}")
            : null);
        var result = Session.Run($"[pscustomobject]@{{ DistinctId = 'x'; a = 'b', 'c' }} | Set-UserProfile -Operation {operation}");
        Assert.StartsWith(errorId, Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[double]::NaN")]
    [InlineData("[double]::PositiveInfinity")]
    [InlineData("[float]::NaN")]
    public void A_filter_with_a_number_that_is_none_is_refused(string value)
    {
        foreach (var command in new[] { "Get-UserProfile", "Remove-UserProfile -Force" })
        {
            var result = Session.Run($"$null = Start-UserProfileServer; {command} -PropertyEquals @{{ a = {value} }}");
            Assert.StartsWith("ValueNotComparable", result.TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);
        }
    }

    private ScriptResult Run(string line) =>
        Session.Run(line, new { csv = Folder.File("r.csv"), json = Folder.File("r.jsonl"), journal = Folder.File("r.journal") }).Succeeded();

    private static string[] Records(string body) => [.. JsonDocument.Parse(body).RootElement.EnumerateArray()
        .Select(record => record.EnumerateObject().Single(member => member.Name is not ("$token" or "$distinct_id" or "$ip")))
        .Select(member => $"{{\"{member.Name}\":{member.Value.GetRawText()}}}")];
}
