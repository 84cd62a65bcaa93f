using System.Text;
using System.Text.Json;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Help;

/// <summary>What is written about mapping files is made of the parameters.</summary>
public sealed class MappingDocumentTests
{
    private static readonly string BuiltSchema = Path.Combine(ModuleSession.RepositoryRoot, "en-US", "mapping.schema.json");

    [Fact]
    public void The_published_schema_is_that_of_the_module() => Same("mapping.schema.json", File.ReadAllText(BuiltSchema));

    [Fact]
    public void The_page_has_every_member_as_the_schema_describes_it()
    {
        var page = File.ReadAllText(Path.Combine(ModuleSession.RepositoryRoot, "docs", "mapping.md")).ReplaceLineEndings("\n");
        Same("mapping.md", page[..page.IndexOf("| Member |", StringComparison.Ordinal)] + Table());
    }

    private static void Same(string name, string current)
    {
        var path = Path.Combine(ModuleSession.RepositoryRoot, "docs", name);
        var built = Path.Combine(AppContext.BaseDirectory, name);
        File.WriteAllText(built, current);
        Assert.True(
            File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == current.ReplaceLineEndings("\n"),
            $"docs/{name} is not what the parameters say. Copy {built} over it.");
    }

    private static string Table()
    {
        var table = new StringBuilder("| Member | Value | Meaning |\n| --- | --- | --- |\n");
        using var schema = JsonDocument.Parse(File.ReadAllText(BuiltSchema));
        foreach (var member in schema.RootElement.GetProperty("properties").EnumerateObject().Where(member => member.Name[0] != '$'))
        {
            var meaning = member.Value.GetProperty("description").GetString()!.Replace("|", "\\|", StringComparison.Ordinal);
            table.Append($"| `{member.Name}` | {Value(member.Value)} | {meaning} |\n");
        }

        return table.ToString();
    }

    private static string Value(JsonElement value) =>
        value.TryGetProperty("enum", out var names) ? string.Join(", ", names.EnumerateArray().Select(name => name.GetString()))
        : value.TryGetProperty("anyOf", out var kinds) ? Value(kinds[0])
        : value.GetProperty("type").GetString() switch
        {
            "boolean" => "true or false",
            "integer" => "a number",
            "array" => "a list of texts",
            "object" => $"an object: {Value(value.GetProperty("additionalProperties"))}",
            _ => "text",
        };
}
