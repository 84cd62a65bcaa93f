using System.Text.Json.Nodes;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Mapping;

/// <summary>Makes the mapping with which an import does what it would do without one, and with its types frozen.</summary>
/// <param name="decided">What an import decides about the file.</param>
/// <param name="specified">The members whose parameters the user specified.</param>
internal sealed class CsvMapping(CsvDecisions decided, IReadOnlyDictionary<string, JsonNode?> specified)
{
    private static readonly string IdentifierColumn = MappingMember.NameOf(nameof(CsvOptions.IdentifierColumn));
    private static readonly string RandomIdentifier = MappingMember.NameOf(nameof(RandomIdentifier));
    private static readonly string Types = MappingMember.NameOf(nameof(PropertyType));

    private readonly ColumnPlan _plan = decided.Plan;

    /// <summary>The text of the mapping.</summary>
    /// <param name="path">The path of the CSV file.</param>
    public string Text(string path)
    {
        var text = MappingText.Of(Path.GetFileName(path), specified.Where(member => member.Key != Types));
        if (!specified.ContainsKey(IdentifierColumn) && _plan.Identifier >= 0)
            AddIdentifier(text, _plan.Header[_plan.Identifier]);
        text.AddNote("Columns that are not listed are text.");
        text.Add(Types, TypesOfColumns());
        return text.ToString();
    }

    // With a specified column, an import neither keeps it as a property nor leaves out the columns of a saved profile, and takes no
    // -RandomIdentifier.
    private void AddIdentifier(MappingText text, string column)
    {
        var member = $"{MappingText.Quoted(IdentifierColumn)}: {MappingText.Quoted(column)}";
        if (decided.IsGuess)
            text.AddNote($"{member}, if it identifies the users. It is the best of the columns, which each import warns of.");
        else if (decided.LeftOut.Count > 0)
            text.AddNote($"{member} is recognized. Left out, as in a saved profile: {Phrase.Names(decided.LeftOut)}.");
        else if (specified.ContainsKey(RandomIdentifier))
            text.AddNote($"{member} is recognized, so that no row gets a random identifier.");
        else
            text.Add(IdentifierColumn, column, "its name is recognized");
    }

    private MappingText TypesOfColumns()
    {
        var types = new MappingText();
        foreach (var (name, type) in specified.GetValueOrDefault(Types) as JsonObject ?? [])
            types.Add(name, type?.DeepClone(), MappingText.Specified);
        foreach (var column in _plan.Columns.Where(column => column.TypeSource != TypeSource.Declared))
            types.Add(column.Header, column.Frozen.ToString(), Reason(column));
        return types;
    }

    private string Reason(CsvColumn column)
    {
        var values = decided.Sample.Rows.Count(row => !row.Fields[column.Index].IsEmpty);
        if (column.TypeSource == TypeSource.Inferred)
            return values == 0 ? "marked so in the reject file" : $"{CellWords.Of(column.Type)} in each of {Phrase.Count(values, "row")}";
        if (_plan.Hashed(column.Index) is not null)
            return "a hash";
        var disagreeing = decided.TextBecauseOf.FirstOrDefault(cell => cell.Column == column.Header);
        return disagreeing.Column is not null ? $"line {Phrase.Number(disagreeing.Line)} is not of the type of other rows"
            : values == 0 ? "no value in the first rows"
            : "text";
    }
}
