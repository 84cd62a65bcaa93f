using System.Text.Json;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Sources;

/// <summary>Infers what the cells of columns hold from the first rows of a file. A column without values, or of which one cell disagrees, stays text.</summary>
internal static class TypeInference
{
    /// <summary>
    /// Gives the columns of which nobody said what they hold the types of their cells. Those of a reject file have the types that
    /// were inferred of the file that its rows came from: what its few rows speak for may be another. A hash is text.
    /// </summary>
    /// <param name="rows">The file, with the plan of its columns.</param>
    /// <param name="sample">Its first rows.</param>
    public static ColumnPlan Infer(CsvRows rows, CsvSample sample)
    {
        var plan = rows.Plan;
        return plan.With([.. plan.Columns.Select(TypedColumn)]);

        CsvColumn TypedColumn(CsvColumn column) =>
            column.TypeSource == TypeSource.Default && TypeOf(column) is { } type
                ? column with { Type = type.Type, Decimals = type.Decimals, TypeSource = TypeSource.Inferred }
                : column;

        InferredType? TypeOf(CsvColumn column) =>
            rows.IsRejectFile ? rows.InferredType(column.Index) : rows.IsHashed(column.Index) ? null : Infer(column, sample, plan.Options.Format);
    }

    private static InferredType? Infer(CsvColumn column, CsvSample sample, CellFormat format)
    {
        using var json = new Utf8JsonWriter(Stream.Null);
        var decimals = Decimals(column, sample, new(format));
        var types = InferredCell.Types.Select(type => new InferredType(type, type == PropertyType.Number ? decimals : 0))
            .Select(type => (Type: type, Cell: new InferredCell(type, format))).ToList();
        var hasValues = false;
        foreach (var row in sample.Rows)
        {
            var cell = row.Fields[column.Index].Span;
            if (cell.IsEmpty)
                continue;
            hasValues = true;
            for (var i = types.Count - 1; i >= 0; i--)
            {
                json.Reset();
                if (!types[i].Cell.TryWrite(json, cell))
                    types.RemoveAt(i);
            }

            if (types.Count == 0)
                return null;
        }

        return hasValues ? types[0].Type : null;
    }

    /// <summary>How many decimals each value has; 0 where they differ, or there are none.</summary>
    private static int Decimals(CsvColumn column, CsvSample sample, TypeEvidence evidence)
    {
        var cells = sample.Rows.Select(row => row.Fields[column.Index]).Where(cell => !cell.IsEmpty);
        var numbers = cells.Select(cell => evidence.Decimals(cell.Span)).Distinct().Take(2).ToArray();
        return numbers is [var only] ? only : 0;
    }
}
