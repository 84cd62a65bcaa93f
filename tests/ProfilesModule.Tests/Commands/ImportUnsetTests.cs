using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Empty cells that remove properties.</summary>
public sealed class ImportUnsetTests : ConnectedTests
{
    [Theory]
    [InlineData("a,b\n1,2", "", """{"a":"1","b":"2"}""", null)]
    [InlineData("a,b\n1,", "", """{"a":"1"}""", """["b"]""")]
    [InlineData("a,b\n,\"\"", "", null, """["a","b"]""")]
    [InlineData("a,b\n7,", "-PropertyType @{ a = 'Number'; b = 'List' } -PropertyMap @{ b = '$b' }", """{"a":7}""", """["$b"]""")]
    [InlineData("o.a,o.b,p.a,p.b\n1,,,", "-ExpandName", """{"o":{"a":"1"}}""", """["p"]""")]
    [InlineData("a,b\n1,", "-ExcludeProperty b", """{"a":"1"}""", null)]
    public void A_row_sets_what_it_has_and_removes_what_is_empty(string text, string parameters, string? set, string? unset)
    {
        var parts = text.Split('\n');
        var path = Folder.Write("a.csv", $"distinct_id,{parts[0]}\nx,{parts[1]}\n");
        var result = Session.Run($"Import-UserProfileCsv $path -EmptyCell Unset {parameters}", new { path }).Succeeded();
        Assert.Equal((1L, 1L, 1L), (result.Value("Read"), result.Value("Accepted"), result.Value("Requests")));
        Assert.Equal(
            string.Join(',', new[] { set is null ? null : Record("$set", set), unset is null ? null : Record("$unset", unset) }.OfType<string>()),
            Assert.Single(Service.Bodies)[1..^1]);
    }

    [Fact]
    public void Profiles_lose_the_properties_and_keep_the_others()
    {
        Session.Run("Start-UserProfileServer | Out-Null; Set-UserProfile x -Property @{ a = 1; b = 2; c = 3 }").Succeeded();
        var path = Folder.Write("a.csv", "distinct_id,a,b\nx,,new\n");
        var profile = Assert.Single(Session.Run("Import-UserProfileCsv $path -EmptyCell Unset | Out-Null; Get-UserProfile x", new { path }).Succeeded().Output);
        Assert.Equal("new 3", $"{profile.Properties["b"].Value} {profile.Properties["c"].Value}");
        Assert.Null(profile.Properties["a"]);
    }

    [Fact]
    public void A_row_of_which_one_update_is_refused_is_rejected_once_and_kept_once()
    {
        Service.Answer = (_, records) => Task.FromResult<(int, string)?>(
            records.Any(r => r.TryGetProperty("$unset", out var _) && r.GetProperty("$distinct_id").GetString()!.StartsWith("bad", StringComparison.Ordinal)) ? (400, """{"error":"no","status":0}""") : null);
        var path = Folder.Write("a.csv", "distinct_id,a,b\n" + string.Concat(Enumerable.Range(1, 500).Select(i => $"{(i % 100 == 0 ? "bad" : "u")}{i},{(i % 3 == 0 ? "" : "1")},\n")));
        var result = Session.Run("Import-UserProfileCsv $path -EmptyCell Unset -BatchSize 50 -RejectPath $bad -JournalPath $j", new { path, bad = Folder.File("bad.csv"), j = Folder.File("j") });
        Assert.Equal(5, result.Errors.Count);
        Assert.Equal((500L, 495L, 5L), (result.Value("Read"), result.Value("Accepted"), result.Value("Rejected")));
        Assert.Equal(["bad100", "bad200", "bad300", "bad400", "bad500"], File.ReadAllLines(Folder.File("bad.csv"))[1..].Select(r => r.Split(',')[0]).Order());
        Assert.Equal(500L, Session.Run("Import-UserProfileCsv $path -EmptyCell Unset -BatchSize 50 -RejectPath $bad -JournalPath $j -Resume").Succeeded().Value("Resumed"));
    }

    [Theory]
    [InlineData("null", "", "PlaceholderIdentifier")]
    [InlineData("null", "-RejectPath $bad -Unique", "PlaceholderIdentifier")]
    [InlineData(null, "-Strict", "IdentifierTooLong")]
    public void A_row_that_only_removes_is_held_to_the_rules_on_its_identifier(string? id, string parameters, string errorId)
    {
        var path = Folder.Write("a.csv", $"distinct_id,a\n{id ?? new string('y', 300)},\nx,\n");
        var result = Session.Run($"Import-UserProfileCsv $path -EmptyCell Unset {parameters}", new { path, bad = Folder.File("bad.csv") });
        Assert.StartsWith(errorId + ",", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal((1L, 1L), (result.Value("Accepted"), result.Value("Rejected")));
        Assert.Equal(Record("$unset", """["a"]"""), Assert.Single(Service.Bodies)[1..^1]);
    }

    private static string Record(string operation, string value) => $$"""{"$token":"t","$distinct_id":"x","$ip":"0","{{operation}}":{{value}}}""";
}
