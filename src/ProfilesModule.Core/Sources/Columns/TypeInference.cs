using System.Text.Json;

namespace ProfilesModule.Sources.Columns;

/// <summary>Infers what the cells of columns hold from the first rows of a file. A column without values, or of which one cell disagrees, stays text.</summary>
public static class TypeInference
{
    /// <summary>How many rows are looked at.</summary>
    private const int Rows = 1000;

    /// <summary>Gives the columns of which nobody said what they hold the types of their cells.</summary>
    /// <param name="plan">The columns.</param>
    /// <param name="reader">The file, at its first record. It is read.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public static ColumnPlan Infer(ColumnPlan plan, ICsvReader reader)
    {
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
