using System.Collections;
using CsCheck;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Mapping;

/// <summary>Mappings that New-UserProfileMapping makes from queries.</summary>
public sealed class QueryMappingTests : ConnectedTests
{
    private static readonly string[] Names =
        ["distinct_id", "DistinctId", "Distinct ID", "id", "ID", "UpdatedAt", "userId", "traits", "type", "email", "Email", "a", "A", "$set", "Properties"];

    private static readonly (string Name, object Value)[] Parameters =
    [
        ("NullText", "NULL"), ("TrimValue", true), ("UseReservedName", true), ("Strict", true), ("EmptyCell", "Null"), ("EmptyCell", "Unset"),
        ("Operation", "SetOnce"), ("Operation", "Union"), ("ExcludeProperty", "a"), ("Property", "*a*"), ("HashProperty", "a"),
        ("PropertyMap", new Hashtable { ["a"] = "b" }), ("IdentifierProperty", "id"), ("IgnoreTime", true), ("AllowAnyIdentifier", true),
    ];

    private static readonly Gen<(string Query, (string Name, object Value)[] Parameters)> Imports =
        from identifier in Gen.OneOfConst("distinct_id", "DistinctId", "$distinct_id", "id")
        from names in Gen.OneOfConst(Names).Array[0, 5]
        from values in Gen.OneOfConst("1", "'x'", "null", "'NULL'", "' y '", "'a@b.io'", "2.5", "'identify'").Array[14]
        from parameters in Gen.OneOfConst(Parameters).Array[0, 2]
        let header = names.Append(identifier).Distinct().ToArray()
        select (
            string.Join(" union all ", Enumerable.Range(0, 2).Select(row => "select " + string.Join(", ", header.Select((name, column) =>
                $"{(name == identifier ? $"'u{row}'" : values[(row * 7) + column])} as \"{name}\"")))),
            parameters.DistinctBy(parameter => parameter.Name).ToArray());

    [Fact]
    public void An_import_by_the_mapping_sends_what_the_same_parameters_send()
    {
        var compared = 0;
        Imports.Sample(import => compared += Compare(import.Query, import.Parameters) ? 1 : 0, iter: 200, threads: 1);
        Assert.InRange(compared, 50, int.MaxValue);
    }

    [Fact]
    public void The_types_of_the_database_are_listed_and_the_identifier_is_written()
    {
        var file = Folder.Write("users.sql", "select distinct_id, age, since from users");
        var text = (string)Assert.Single(Session.Run(
            """
            $database = @{ Provider = 'Sqlite'; ConnectionString = "Data Source=$db" }
            Import-UserProfileQuery 'create table users (distinct_id text, age integer, since date)' @database -ErrorAction SilentlyContinue | Out-Null
            New-UserProfileMapping -QueryPath $file @database -TrimValue
            """,
            new { db = Folder.File("users.db"), file }).Succeeded().Output).BaseObject;
        Assert.Equal(
            """
            {
              // From "users.sql". Correct what is not as intended: imports do what is written here.
              "trimValue": true,  // specified
              "identifierProperty": "distinct_id"  // its name is recognized
              // The columns have the types of the database:
              // "distinct_id": TEXT
              // "age": INTEGER
              // "since": date
            }
            """.ReplaceLineEndings("\n"),
            string.Join('\n', text.Split('\n').Where(line => !line.Contains("$schema", StringComparison.Ordinal))).TrimEnd());
    }

    [Theory]
    [InlineData("select 1 as id", "must name the column of the identifier")]
    [InlineData("select 1 as distinct_id, 1 as other", null)]
    [InlineData("select 1 as distinct_id, 1 as \"Distinct ID\"", "The identifier is recognized: \"distinct_id\", \"Distinct ID\".")]
    [InlineData("select 1 as DistinctId, 2 as UpdatedAt", "The identifier is recognized: \"DistinctId\".")]
    public void An_identifier_that_is_unclear_is_no_decision_of_the_file(string query, string? note)
    {
        var result = Session.Run("New-UserProfileMapping -Query $query -Provider Sqlite -ConnectionString 'Data Source=:memory:'", new { query });
        var text = (string)Assert.Single(result.Succeeded().Output).BaseObject;
        Assert.Equal(note is null, text.Contains("\n  \"identifierProperty\": ", StringComparison.Ordinal));
        if (note is not null)
            Assert.Contains(note, text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_query_that_the_database_refuses_is_an_error()
    {
        var result = Session.Run("New-UserProfileMapping -Query 'select * from nothing' -Provider Sqlite -ConnectionString 'Data Source=:memory:'");
        Assert.StartsWith("DatabaseQueryFailed,", result.TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    /// <summary>Whether rows were sent, and the same by parameters and by a mapping.</summary>
    private bool Compare(string query, (string Name, object Value)[] parameters)
    {
        var mapping = Folder.File("mapping.json");
        var specified = new Hashtable();
        foreach (var (name, value) in parameters)
            specified[name] = value;
        var database = new Hashtable { ["Provider"] = "Sqlite", ["ConnectionString"] = "Data Source=:memory:" };
        var variables = new { query, specified, database, mapping };
        var (plain, sent) = Import("Import-UserProfileQuery $query @database -MaxConcurrency 1 @specified", variables);
        var made = Session.Run("New-UserProfileMapping -Query $query @database @specified -DestinationPath $mapping -Force", variables);
        if (made.Terminating is not null)
        {
            Assert.StartsWith("OptionNotForOperation,", made.TerminatingError.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.StartsWith("OptionNotForOperation,", Assert.Single(plain.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
            return false;
        }

        var (mapped, sentByMapping) = Import("Import-UserProfileQuery $query @database -MaxConcurrency 1 -MappingPath $mapping", variables);
        Assert.True(sent == sentByMapping, $"{File.ReadAllText(mapping)}\n{sent}\n{sentByMapping}");
        Assert.Equal(plain.Errors.Select(error => error.FullyQualifiedErrorId), mapped.Errors.Select(error => error.FullyQualifiedErrorId));
        return sent.Length > 0;
    }

    private (ScriptResult Result, string Sent) Import(string command, object variables)
    {
        Service.Bodies.Clear();
        var result = Session.Run(command, variables);
        Assert.Null(result.Terminating);
        return (result, string.Join('\n', Service.Bodies));
    }
}
