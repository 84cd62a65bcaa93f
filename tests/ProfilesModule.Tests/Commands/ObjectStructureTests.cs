using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Objects of the pipeline and of JSON files that hold no data, or whose identifiers have names that people vary.</summary>
public sealed class ObjectStructureTests : ConnectedTests
{
    private const string Pipeline = "$rows | Set-UserProfile -IdentifierProperty id";
    private const string Json = "ConvertTo-Json @($rows) | Set-Content $json; Import-UserProfileJson $json -IdentifierProperty id";

    public static TheoryData<string, string, string> Rows => new()
    {
        { "id,plan\nu1,a\nid,plan\nu2,b\n", "RepeatedHeader", "u1=a u2=b" },
        { "id,plan\nu1,a\n\uFEFFid,Plan\nu2,b\n", "RepeatedHeader", "u1=a u2=b" },
        { "plan,id,seats\na,u1,3\nplan,id\nb,u2,\n", "RepeatedHeader", "u1=a u2=b" },
        { "id\nid\n", "RepeatedHeader", "" },
        { "id,plan\n--,----\n17,pro\n(1 rows affected)\n", "ReportLine ReportLine", "17=pro" },
        { "id,plan,n\n-,----,-\n17,pro,3\n", "ReportLine", "17=pro" },
        { "id,plan\n17,pro\n12 rows selected.\n", "ReportLine", "17=pro" },
        { "id,plan\nid,pro\n-17,--\n-,a\n", "", "-=a -17=-- id=pro" },
        { "id,plan\nplan,id\n--,\"(2 rows affected)\"\n", "", "--=(2 rows affected) plan=id" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_object_that_holds_no_data_is_refused_and_the_others_are_stored(string text, string errors, string stored)
    {
        var files = new { path = Folder.Write("a.csv", text), json = Folder.File("a.json") };
        foreach (var command in new[] { Pipeline, Json })
        {
            Service.Profiles.Clear();
            var result = Session.Run($"$rows = Import-Csv $path; {command}", files);
            Assert.Equal(errors, string.Join(' ', result.Errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0])));
            var profiles = Service.Profiles.OrderBy(p => p.Key, StringComparer.Ordinal);
            Assert.Equal(stored, string.Join(' ', profiles.Select(p => $"{p.Key}={p.Value.GetProperty("plan").GetString()}")));
        }

        var tested = Session.Run("Import-Csv $path | Test-UserProfile -IdentifierProperty id", files);
        Assert.Equal((long)errors.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, tested.Output[^1].Properties["Rejected"].Value);
    }

    [Theory]
    [InlineData("plan = 'plan'; added = Get-Date", 1)]
    [InlineData("plan = 'plan'; seats = $null", 1)]
    [InlineData("plan = $null", 1)]
    [InlineData("plan = 3", 0)]
    public void What_is_no_text_tells_neither_a_header_nor_data_beside_texts(string members, int errors)
    {
        var result = Session.Run($"[pscustomobject]@{{ id = 'id'; {members} }} | Set-UserProfile -IdentifierProperty id");
        Assert.Equal(errors, result.Errors.Count);
        Assert.All(result.Errors, error => Assert.StartsWith("RepeatedHeader,", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Equal(1 - errors, Service.Profiles.Count);
    }

    [Fact]
    public void A_header_does_not_count_among_the_identifiers()
    {
        var rows = "'1.0', 'distinct_id', '2.0' | ForEach-Object { [pscustomobject]@{ distinct_id = $_ } }";
        var warnings = Session.Run($"{rows} | Set-UserProfile -ErrorAction Ignore").Warnings;
        Assert.Contains("101.0", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Distinct ID")]
    [InlineData("distinct-id")]
    [InlineData(" DISTINCT_ID ")]
    [InlineData("\uFEFFdistinct_id")]
    [InlineData("$Distinct Id")]
    public void A_name_that_people_vary_holds_the_identifier(string name)
    {
        var input = new { name, path = Folder.Write("a.json", $$"""[{"plan":"a","{{name}}":"u1"}]""") };
        const string Row = "@{ plan = 'a'; $name = 'u1' } | Set-UserProfile";
        foreach (var command in new[] { Row, $"[pscustomobject]{Row}", "Import-UserProfileJson $path" })
        {
            Service.Profiles.Clear();
            Session.Run(command, input).Succeeded();
            Assert.Equal("""{"plan":"a"}""", Service.Profiles["u1"].GetRawText());
        }

        Assert.Equal(1L, Session.Run("[pscustomobject]@{ $name = 'u1' } | Test-UserProfile", input).Succeeded().Value("Valid"));
        Assert.Equal(1L, Session.Run("Test-UserProfile $path", input).Succeeded().Value("Valid"));
    }

    [Theory]
    [InlineData("""{"Distinct ID":"x","distinct_id":"u1"}""", "u1", """{"Distinct ID":"x"}""")]
    [InlineData("""{"Distinct ID":"u1","distinct-id":"u1"}""", "u1", "{}")]
    [InlineData("""{"Distinct ID":"u1","distinct-id":"u2"}""", "InvalidIdentifier", "")]
    [InlineData("""{"distinct":"u1","id":"u2"}""", "MissingIdentifier", "")]
    public void A_usual_name_counts_more_than_a_varied_one_and_no_two_may_differ(string row, string expected, string properties)
    {
        var input = new { row, path = Folder.Write("a.json", $"[{row}]") };
        foreach (var command in new[] { "$row | ConvertFrom-Json | Set-UserProfile", "Import-UserProfileJson $path" })
        {
            Service.Profiles.Clear();
            var errors = Session.Run(command, input).Errors;
            var told = errors.Select(error => error.FullyQualifiedErrorId.Split(',')[0]).Concat(Service.Profiles.Keys);
            Assert.Equal((expected, properties), (string.Concat(told), string.Concat(Service.Profiles.Values.Select(p => p.GetRawText()))));
        }
    }

    [Fact]
    public void A_varied_name_of_a_group_holds_its_identifier()
    {
        Session.Run("[pscustomobject]@{ 'Group ID' = 'acme'; seats = 3 } | Set-GroupProfile -GroupKey company").Succeeded();
        Assert.Contains("\"acme\"", Assert.Single(Service.Bodies), StringComparison.Ordinal);
    }
}
