using System.Text.Json;

namespace ProfilesModule.Sources.Columns;

/// <summary>Infers what the cells of columns hold from the first rows of a file. A column without values, or of which one cell disagrees, stays text.</summary>
internal static class TypeInference
{
    /// <summary>How many rows are looked at.</summary>
    private const int Rows = 1000;

    // Made once: every column of a reject file is held against them.
    private static readonly Dictionary<PropertyType, string> Marks = InferredCell.Types.ToDictionary(type => type, type => $"#inferred-{type.ToString().ToLowerInvariant()}");

    /// <summary>What the name of a column ends with, in a reject file, of which a type was inferred.</summary>
    /// <param name="type">The type; one that may be inferred.</param>
    internal static string MarkOf(PropertyType type) => Marks[type];

    /// <summary>The type that the name of a column of a reject file is marked with; null when it is not.</summary>
    /// <param name="column">The name.</param>
    internal static PropertyType? MarkedType(string column)
    {
        foreach (var (type, mark) in Marks)
        {
            if (column.EndsWith(mark, StringComparison.Ordinal))
                return type;
        }

        return null;
    }

    /// <summary>
    /// Gives the columns of which nobody said what they hold the types of their cells. Those of a reject file have the types that
    /// were inferred of the file that its rows came from: what its few rows speak for may be another.
    /// </summary>
    /// <param name="plan">The columns.</param>
    /// <param name="reader">The file, at its first record. It is read.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public static ColumnPlan Infer(ColumnPlan plan, ICsvReader reader)
    {
        if (RejectReader.Behind(reader) is { } rejects)
            return plan.With([.. plan.Columns.Select(c => c.TypeSource == TypeSource.Default && rejects.InferredType(c.Index) is { } known ? c with { Type = known, TypeSource = TypeSource.Inferred } : c)]);
        using var json = new Utf8JsonWriter(Stream.Null);
        var cells = InferredCell.Types.ToDictionary(type => type, type => new InferredCell(type, plan.Options.Format));
        var candidates = plan.Columns.ToDictionary(c => c, c => c.TypeSource == TypeSource.Default ? InferredCell.Types.ToList() : []);
        var hasValues = new HashSet<CsvColumn>();
        for (var row = 0; row < Rows && reader.Read(); row++)
        {
            if (reader.QuoteProblem is not null || !plan.Fits(reader.FieldCount) || !reader.IsText)
                continue;
            foreach (var (column, types) in candidates)
            {
                if (types.Count == 0 || reader.Field(column.Index).IsEmpty)
                    continue;
                hasValues.Add(column);
                for (var i = types.Count - 1; i >= 0; i--)
                {
                    json.Reset();
                    if (!cells[types[i]].TryWrite(json, reader.Field(column.Index)))
                        types.RemoveAt(i);
                }
            }
        }

        return plan.With([.. plan.Columns.Select(c => hasValues.Contains(c) && candidates[c] is [var type, ..] ? c with { Type = type, TypeSource = TypeSource.Inferred } : c)]);
    }
}
