using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>JSON files that have their objects in a list inside of another object, or no objects at all.</summary>
public sealed partial class ImportJsonEnvelopeTests : ConnectedTests
{
    private const string Firebase = "{\"users\": [\n{\n  \"localId\": \"u1\",\n  \"n\": 1.10\n},\n{\n  \"localId\": \"u2\",\n  \"n\": 2\n}\n]}\n";

    [Theory]
    [InlineData(Firebase)]
    [InlineData("{\"users\":[{\"localId\":\"u1\",\"n\":1.10},{\"localId\":\"u2\",\"n\":2}]}")]
    [InlineData("{\"kind\":\"x\",\"page\":{\"next\":[1,{\"a\":[]}]},\"users\":[{\"localId\":\"u1\",\"n\":1.10},\n{\"localId\":\"u2\",\"n\":2}],\"rest\":[[{}]]}\n")]
    [InlineData("{\"users\":[{\"localId\":\"u1\",\"n\":1.10}]}\n{\"users\":[]}\n{\n\"users\" :\n[{\"localId\":\"u2\",\"n\":2}\n]\n}")]
    public void An_envelope_is_refused_with_the_name_of_its_list_and_read_when_that_is_given(string text)
    {
        var refused = Import(text, "-IdentifierProperty localId");
        Assert.Empty(Service.Profiles);
        Assert.NotEqual(0, refused.Value("ExitCode"));
        var result = Import(text, "-IdentifierProperty localId " + Advice().Match(refused.Errors[0].ErrorDetails.RecommendedAction).Value).Succeeded();
        Assert.Equal((2L, 2L), ((long)result.Value("Read")!, (long)result.Value("Accepted")!));
        Assert.Equal("{\"n\":1.10}", Service.Profiles["u1"].GetRawText());
        Assert.Equal("{\"n\":2}", Service.Profiles["u2"].GetRawText());
    }

    [Fact]
    public void A_list_deeper_in_an_object_is_named_by_the_names_that_lead_to_it()
    {
        var text = "{\"data\":{\"total\":1,\"users\":[{\"id\":\"u1\",\"n\":1}]},\"ok\":true}";
        Assert.Contains("-Root data.users", Assert.Single(Import(text, "-IdentifierProperty id").Errors).ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        Import(text, "-IdentifierProperty id -Root data.users").Succeeded();
        Assert.Equal("{\"n\":1}", Service.Profiles["u1"].GetRawText());
    }

    [Theory]
    [InlineData("{\"results\":[{\"$distinct_id\":\"u1\",\"$properties\":{\"n\":1}}],\"page\":0,\"status\":\"ok\"}")]
    [InlineData("{\"page\":0,\"session_id\":\"1\",\"results\":[\n {\"$properties\":{\"n\":1,\"l\":[{}]},\"$distinct_id\":\"u1\"}\n]}\n{\"results\":[]}")]
    public void A_reply_of_the_query_is_read_as_it_is(string text)
    {
        Import(text).Succeeded();
        Assert.Contains("\"n\":1", Service.Profiles["u1"].GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"distinct_id\":\"u1\",\"orders\":[{\"id\":1}]}")]
    [InlineData("{\n\"orders\":[{\"id\":1}],\n\"distinct_id\":\"u1\"}")]
    [InlineData("{\"orders\":[{\"id\":1}],\"distinct_id\":\"u1\"}\n{\"orders\":[],\"distinct_id\":\"u2\"}")]
    [InlineData("{\"distinct_id\":\"u1\",\"results\":[{\"id\":1}]}{\"distinct_id\":\"u2\"}")]
    public void A_profile_with_a_list_of_objects_is_no_envelope(string text)
    {
        Import(text).Succeeded();
        Assert.Contains("[{\"id\":1}]", Service.Profiles["u1"].GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rejected_elements_are_imported_again_with_the_same_parameters()
    {
        Service.Answer = (_, records) => Task.FromResult<(int, string)?>(records[0].GetProperty("$distinct_id").GetString() == "u2" ? (200, "{\"status\":0,\"error\":\"no\"}") : null);
        var rejects = Folder.File("bad.ndjson");
        var result = Import(Firebase, $"-IdentifierProperty localId -Root users -RejectPath '{rejects}' -BatchSize 1");
        Assert.Equal((1L, 1L), ((long)result.Value("Accepted")!, (long)result.Value("Rejected")!));
        Assert.StartsWith("{   \"localId\": \"u2\"", File.ReadAllText(rejects), StringComparison.Ordinal);
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);
        var again = Session.Run("Import-UserProfileJson $rejects -IdentifierProperty localId -Root users", new { rejects }).Succeeded();
        Assert.Equal(1L, again.Value("Accepted"));
        Assert.Equal("{\"n\":2}", Service.Profiles["u2"].GetRawText());
    }

    [Fact]
    public void Any_number_of_elements_takes_no_more_memory_than_one()
    {
        var path = Folder.File("many.json");
        using (var file = new StreamWriter(path))
        {
            file.Write("{\"other\":[" + string.Join(',', Enumerable.Repeat($"{{\"x\":\"{new string('x', 1000)}\"}}", 17_000)) + "],\"users\":[");
            for (var i = 0; i < 80_000; i++)
                file.Write($"{(i == 0 ? "" : ",")}{{\"distinct_id\":\"u{i}\",\"text\":\"{new string('x', 200)}\"}}");
            file.Write("]}");
        }

        Assert.Contains("-Root other", Assert.Single(Session.Run("Test-UserProfile $path", new { path }).Errors).ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        var result = Session.Run("Test-UserProfile $path -Root users", new { path }).Succeeded();
        Assert.Equal(80_000L, result.Value("Read"));
    }

    [Theory]
    [InlineData("{\"users\": [\n{\n  \"distinct_id\": \"u1\"\n},\n{\n  \"distinct_id\" \"u2\"\n}\n]}", "-Root users", "line 6, byte 17", 1)]
    [InlineData("{\"users\": [\n{\n  \"distinct_id\": \"u1\"\n},\n{\n  \"distinct_id\" \"u2\"\n}\n]}", "", "line 6, byte 17", 0)]
    [InlineData("{\"users\": [{\"distinct_id\":\"u1\"}\n", "-Root users", "line 2", 1)]
    [InlineData("{\"users\": [{\"distinct_id\":\"u1\"}]}\n{\"error\":1}\n", "-Root users", "line 2 has no list 'users'", 1)]
    [InlineData("{ \"_id\" : ObjectId(\"5f\") }\n{ \"_id\" : ObjectId(\"60\") }\n", "", "line 1, byte 11", 0)]
    [InlineData("{'distinct_id':'u1'}\n{'distinct_id':'u2'}\n{'distinct_id':'u3'}\n", "", "line 1, byte 2", 0)]
    public void A_malformed_file_is_one_error_that_names_the_place(string text, string parameters, string place, int sent)
    {
        var result = Import(text, parameters);
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("FileNotReadable,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(place, error.ToString(), StringComparison.Ordinal);
        Assert.Equal((sent, 2, (long)sent), (Service.Profiles.Count, (int)result.Value("ExitCode")!, (long)result.Value("Read")!));
    }

    [Theory]
    [InlineData("{\"distinct_id\":\"1\"\n{\"distinct_id\":\"2\"}\n")]
    [InlineData("{\"distinct_id\":\"1\",\"a\":\"\n{\"distinct_id\":\"2\"}\nx\n")]
    [InlineData("{broken\n{broken}\n{\"distinct_id\":\"2\"}\n")]
    public void A_first_line_that_is_bad_costs_itself_only(string text)
    {
        Assert.All(Import(text).Errors, error => Assert.StartsWith("MalformedJson,", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Equal("2", Assert.Single(Service.Profiles).Key);
    }

    private ScriptResult Import(string text, string parameters = "") =>
        Session.Run($"Import-UserProfileJson $path {parameters}", new { path = Folder.Write("users.json", text) });

    [GeneratedRegex(@"-Root \w+")]
    private static partial Regex Advice();
}
