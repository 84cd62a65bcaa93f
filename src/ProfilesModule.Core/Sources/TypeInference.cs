using System.Text.Json;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Sources;

/// <summary>
/// Infers what the cells of columns hold from the first rows of a file. A column without values, or of which one cell disagrees,
/// stays text.
/// </summary>
internal static class TypeInference
{
    /// <summary>
    /// Gives the columns of which nobody said what they hold the types of their cells. Those of a reject file have the types that
    /// were inferred of the file that its rows came from: what its few rows speak for may be another. A hash is text.
    /// </summary>
    /// <param name="rows">The file, with the plan of its columns.</param>
    /// <param name="sample">Its first rows.</param>
    /// <param name="disagreeing">
    /// Takes the first cell that disagrees, of each column that stays text although cells speak for a type.
    /// </param>
    public static ColumnPlan Infer(CsvRows rows, CsvSample sample, ICollection<DisagreeingCell> disagreeing)
    {
        var plan = rows.Plan;
        return plan with { Columns = [.. plan.Columns.Select(TypedColumn)] };

        CsvColumn TypedColumn(CsvColumn column) =>
            column.TypeSource == TypeSource.Default && TypeOf(column) is { } type
                ? column with { Type = type.Type, Decimals = type.Decimals, TypeSource = TypeSource.Inferred }
                : column;

        InferredType? TypeOf(CsvColumn column) =>
            rows.IsRejectFile ? rows.InferredType(column.Index) : rows.IsHashed(column.Index) ? null : Infer(column);

        InferredType? Infer(CsvColumn column)
        {
            var (type, row) = TypeInference.Infer(column, sample, plan.Options.Format);
            if (row is not null)
                disagreeing.Add(new(column.Header, row.Line, row.Fields[column.Index]));
            return type;
        }
    }

    private static (InferredType? Type, CsvSampleRow? Disagreeing) Infer(CsvColumn column, CsvSample sample, CellFormat format)
    {
        using var json = new Utf8JsonWriter(Stream.Null);
        CsvSampleRow[] rows = [.. sample.Rows.Where(row => !row.Fields[column.Index].IsEmpty)];
        var decimals = Decimals(column, rows, new(format));
        var types = InferredCell.Types.Select(type => new InferredType(type, type == PropertyType.Number ? decimals : 0))
            .Select(type => (Type: type, Cell: new InferredCell(type, format))).ToList();
        var left = types.ToList();
        foreach (var row in rows)
        {
            left.RemoveAll(type => !SpeaksFor(type.Cell, row));
            if (left.Count == 0)
                return (null, rows.Any(other => types.Exists(type => SpeaksFor(type.Cell, other))) ? row : null);
        }

        return (rows.Length > 0 ? left[0].Type : null, null);

        bool SpeaksFor(InferredCell cell, CsvSampleRow row)
        {
            json.Reset();
            return cell.TryWrite(json, row.Fields[column.Index].Span);
        }
    }

    /// <summary>How many decimals each value has; 0 where they differ, or there are none.</summary>
    private static int Decimals(CsvColumn column, CsvSampleRow[] rows, TypeEvidence evidence)
    {
        var numbers = rows.Select(row => evidence.Decimals(row.Fields[column.Index].Span)).Distinct().Take(2).ToArray();
        return numbers is [var only] ? only : 0;
    }
}

/// <summary>The cell because of which a column stays text.</summary>
/// <param name="Column">The name of the column.</param>
/// <param name="Line">The 1-based line of the file where its row starts.</param>
/// <param name="Value">What it holds, as UTF-8.</param>
internal readonly record struct DisagreeingCell(string Column, long Line, ReadOnlyMemory<byte> Value);
