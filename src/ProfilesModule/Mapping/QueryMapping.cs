using System.Text.Json.Nodes;
using ProfilesModule.Sources;

namespace ProfilesModule.Mapping;

/// <summary>Makes the mapping with which an import of a query does what it would do without one.</summary>
/// <param name="columns">The columns of the query, each with its type in the database.</param>
/// <param name="identifierNames">The usual names of the column with the identifier.</param>
/// <param name="specified">The members whose parameters the user specified.</param>
internal sealed class QueryMapping(
    IReadOnlyList<KeyValuePair<string, string>> columns,
    IReadOnlyList<string> identifierNames,
    IReadOnlyDictionary<string, JsonNode?> specified)
{
    private const string IdentifierProperty = "identifierProperty";

    /// <summary>The text of the mapping.</summary>
    /// <param name="name">What messages call the query.</param>
    public string Text(string name)
    {
        var text = MappingText.Of(name, specified);
        if (!specified.ContainsKey(IdentifierProperty))
            AddIdentifier(text);
        text.AddNote("The columns have the types of the database:");
        foreach (var (column, type) in columns)
            text.AddNote($"{MappingText.Quoted(column)}: {type}");
        return text.ToString();
    }

    // With a specified column, an import neither looks at others that may hold the identifier nor leaves out those of a saved profile.
    private void AddIdentifier(MappingText text)
    {
        string[] recognized = [.. columns.Select(column => column.Key).Where(IsRecognized)];
        var isSavedProfile = columns.Any(column => column.Key == ProfileFields.UpdatedAt);
        if (recognized is [var only] && !isSavedProfile)
            text.Add(IdentifierProperty, only, "its name is recognized");
        else if (recognized is [])
            text.AddNote($"{MappingText.Quoted(IdentifierProperty)} must name the column of the identifier: none has a recognized name.");
        else
            text.AddNote($"The identifier is recognized: {string.Join(", ", recognized.Select(MappingText.Quoted))}.");
    }

    private bool IsRecognized(string column) => IdentifierName.Rank(column, identifierNames) != IdentifierName.None;
}
