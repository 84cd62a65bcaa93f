using System.Text.Json;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Sources;

/// <summary>Infers what the cells of columns hold from the first rows of a file. A column without values, or of which one cell disagrees, stays text.</summary>
internal static class TypeInference
{
    /// <summary>How many rows are looked at.</summary>
    private const int Rows = 1000;

    /// <summary>
    /// Gives the columns of which nobody said what they hold the types of their cells. Those of a reject file have the types that
    /// were inferred of the file that its rows came from: what its few rows speak for may be another.
    /// </summary>
    /// <param name="rows">The file, at its first record, with the plan of its columns. It is read.</param>
    /// <exception cref="InvalidDataException">The file cannot be read on.</exception>
    public static ColumnPlan Infer(CsvRows rows)
    {
        var plan = rows.Plan;
        if (rows.IsRejectFile)
            return plan.With([.. plan.Columns.Select(c => c.TypeSource == TypeSource.Default ? Typed(c, rows.InferredType(c.Index)) : c)]);
        using var json = new Utf8JsonWriter(Stream.Null);
        var cells = InferredCell.Types.ToDictionary(type => type, type => new InferredCell(type, plan.Options.Format));
        var candidates = plan.Columns.ToDictionary(c => c, c => c.TypeSource == TypeSource.Default ? InferredCell.Types.ToList() : []);
        var hasValues = new HashSet<CsvColumn>();
        for (var row = 0; row < Rows && rows.Read(); row++)
        {
            if (rows.Failure?.IsParseError == true)
                continue;
            foreach (var (column, types) in candidates)
            {
                if (types.Count == 0 || rows.Field(column.Index).IsEmpty)
                    continue;
                hasValues.Add(column);
                for (var i = types.Count - 1; i >= 0; i--)
                {
                    json.Reset();
                    if (!cells[types[i]].TryWrite(json, rows.Field(column.Index)))
                        types.RemoveAt(i);
                }
            }
        }

        return plan.With([.. plan.Columns.Select(c => Typed(c, hasValues.Contains(c) && candidates[c] is [var type, ..] ? type : null))]);
    }

    private static CsvColumn Typed(CsvColumn column, PropertyType? type) =>
        type is { } inferred ? column with { Type = inferred, TypeSource = TypeSource.Inferred } : column;
}
