using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Mapping;

/// <summary>Commands with -MappingPath.</summary>
public sealed class MappingTests : ConnectedTests
{
    private const string Rows = "key,name,age,plan\n1,Ann,42,NULL\n2,Bob,7,pro\n";

    [Fact]
    public void A_mapping_is_json_with_comments_that_a_person_can_read()
    {
        Folder.Write("users.csv", Rows);
        Mapping("""
            // The table users of the CRM.
            {
              "$schema": "mapping.schema.json",
              "identifierColumn": "key", /* its key */
              "propertyType": { "age": "Number", },
              "nullText": ["NULL"],
            }
            """);
        Import().Succeeded();
        Assert.Equal("""{"name":"Ann","age":42}""", Service.Profiles["1"].GetRawText());
        Assert.Equal("""{"name":"Bob","age":7,"plan":"pro"}""", Service.Profiles["2"].GetRawText());
    }

    [Fact]
    public void A_parameter_takes_precedence_and_the_verbose_stream_says_so()
    {
        Folder.Write("users.csv", Rows);
        var mapping = Mapping("{ \"identifierColumn\": \"key\",\n\"strict\": true,\n\"nullText\": [\"NULL\"] }");
        var result = Import("-NullText pro -Strict:$false -Verbose").Succeeded();
        Assert.Equal("""{"name":"Ann","age":"42","plan":"NULL"}""", Service.Profiles["1"].GetRawText());
        Assert.Equal("""{"name":"Bob","age":"7"}""", Service.Profiles["2"].GetRawText());
        Assert.Contains($"-NullText is specified, so 'nullText' in line 3 of the mapping '{mapping}' is not used.", result.Verbose);
        Assert.Contains($"-Strict is specified, so 'strict' in line 2 of the mapping '{mapping}' is not used.", result.Verbose);
        Assert.Equal(2, result.Verbose.Count(line => line.Contains("is specified, so", StringComparison.Ordinal)));
    }

    [Fact]
    public void Json_files_queries_groups_and_objects_have_mappings_too()
    {
        Mapping("""{ "identifierProperty": "key", "trimValue": true, "emptyCell": "Null" }""");
        var file = Folder.Write("1.ndjson", """{"key":"j","a":" x "}""");
        var mapping = Folder.File("mapping.json");
        Session.Run(
            """
            Import-UserProfileJson $file -MappingPath $mapping
            Import-GroupProfileJson $file -GroupKey company -MappingPath $mapping
            $database = @{ Provider = 'Sqlite'; ConnectionString = 'Data Source=:memory:' }
            Import-UserProfileQuery "select 'q' as key, ' x ' as a" @database -MappingPath $mapping
            Import-GroupProfileQuery "select 'g' as key, ' x ' as a" -GroupKey company @database -MappingPath $mapping
            [pscustomobject]@{ key = 'o'; a = ' x '; b = '' } | Set-UserProfile -MappingPath $mapping
            [pscustomobject]@{ key = 'p'; a = ' x '; b = '' } | Set-GroupProfile -GroupKey company -MappingPath $mapping
            """,
            new { file, mapping }).Succeeded();
        Assert.All(["j", "q"], id => Assert.Equal("""{"a":"x"}""", Service.Profiles[id].GetRawText()));
        Assert.Equal("""{"a":"x","b":null}""", Service.Profiles["o"].GetRawText());
        Assert.Equal(3, Service.Bodies.Count(body => body.Contains("%22%24group_id%22", StringComparison.Ordinal) || body.Contains("$group_id", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_test_says_what_the_import_with_the_mapping_would_do()
    {
        Folder.Write("users.csv", "key,age\n1,2\n3,four\n");
        Mapping("""{ "identifierColumn": "key", "propertyType": { "age": "Number" } }""");
        var test = Session.Run("(Test-UserProfile $file -MappingPath $mapping)[-1]", new { file = Folder.File("users.csv"), mapping = Folder.File("mapping.json") })
            .Succeeded();
        Assert.Equal((1, 1L), ((int)test.Value("ExitCode")!, (long)test.Value("Rejected")!));
    }

    [Theory]
    [InlineData("Set-UserProfile", "{ \"hashProperty\": [\"a\"] }", "hashProperty")]
    [InlineData("Set-UserProfile -DistinctId 1 -Property @{ a = 1 }", "{ \"operation\": \"Union\" }", "operation")]
    [InlineData("Import-UserProfileJson $file", "{ \"propertyType\": { \"a\": \"Number\" } }", "propertyType")]
    [InlineData("Import-UserProfileQuery 'select 1' -Provider Sqlite -ConnectionString 'Data Source=:memory:'", "{ \"delimiter\": \";\" }", "delimiter")]
    public void A_member_that_would_have_no_effect_is_an_error(string command, string text, string member)
    {
        var input = command == "Set-UserProfile" ? "[pscustomobject]@{ distinct_id = 1; a = 2 } | " : "";
        var result = Session.Run($"{input}{command} -MappingPath $mapping", new { file = Folder.Write("a.json", "{}"), mapping = Mapping(text) });
        var error = result.Terminating is null ? Assert.Single(result.Errors) : result.TerminatingError;
        Assert.StartsWith("InvalidMapping,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains($"line 1: the member '{member}' has no effect", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal(0, Service.Requests);
    }

    [Theory]
    [InlineData("{ \"identifercolumn\": \"a\" }", 1, "identifierColumn")]
    [InlineData("{\n\"Strict\": true }", 2, "strict")]
    [InlineData("{\n\n\"date_formats\": [] }", 3, "dateFormat")]
    public void An_unknown_member_is_an_error_with_the_nearest_name(string text, int line, string nearest)
    {
        Folder.Write("users.csv", Rows);
        Mapping(text);
        var error = Assert.Single(Import().Errors);
        Assert.StartsWith("InvalidMapping,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains($", line {line}: there is no member", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Contains($"'{nearest}'", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("[]", 1)]
    [InlineData("{\n\"strict\": yes }", 2)]
    [InlineData("{ \"strict\": true }\n{}", 2)]
    [InlineData("{ \"root\":\n\"\\ud83d\" }", 2)]
    [InlineData("{ \"strict\": true,\n\"strict\": true }", 2)]
    [InlineData("{ \"propertyMap\": {\n\"a\": \"b\",\n\"a\": \"c\" } }", 3)]
    public void What_is_not_a_mapping_is_an_error_with_its_line(string text, int line)
    {
        Folder.Write("users.csv", Rows);
        var mapping = Mapping(text);
        var result = Import();
        var error = Assert.Single(result.Errors);
        Assert.StartsWith("InvalidMapping,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith($"The mapping '{mapping}', line {line}: ", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal(mapping, error.TargetObject);
        Assert.Equal(2, result.Value("ExitCode"));
        Assert.Equal(0, Service.Requests);
    }

    [Fact]
    public void A_mapping_that_does_not_exist_ends_the_command()
    {
        Folder.Write("users.csv", Rows);
        Assert.StartsWith("PathNotFound,", Assert.Single(Import().Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_knows_the_values_of_the_mapping_and_not_its_path()
    {
        Folder.Write("users.csv", Rows);
        Mapping("""{ "identifierColumn": "key", "propertyType": { "age": "Number" } }""");
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>((401, "no"));
        Assert.Equal(2, Import("-JournalPath $journal").Value("ExitCode"));
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>(null);

        Mapping("""{ "identifierColumn": "key", "propertyType": { "age": "Text" } }""");
        var error = Assert.Single(Import("-JournalPath $journal -Resume").Errors);
        Assert.StartsWith("JournalMismatch,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("-PropertyType was {\"age\":\"Number\"} and is {\"age\":\"Text\"}", error.ErrorDetails.Message, StringComparison.Ordinal);

        File.Delete(Folder.File("mapping.json"));
        var moved = Folder.Write("moved.json", "{ \"propertyType\": { \"age\": \"Number\" }, \"identifierColumn\": \"key\" }");
        Assert.Equal(2L, Import("-JournalPath $journal -Resume", moved).Succeeded().Value("Accepted"));
    }

    private string Mapping(string text) => Folder.Write("mapping.json", text);

    private ScriptResult Import(string parameters = "", string? mapping = null) => Session.Run(
        $"Import-UserProfileCsv $file -MappingPath $mapping {parameters}",
        new { file = Folder.File("users.csv"), mapping = mapping ?? Folder.File("mapping.json"), journal = Folder.File("users.journal") });
}
