using System.Text.Json;
using ProfilesModule.Model;

namespace ProfilesModule.Sources.Columns;

/// <summary>Writes the cells of a record as the value of its operation.</summary>
internal sealed class RowWriter
{
    private readonly IReadOnlyList<CsvColumn> _columns;
    private readonly PropertyTree _tree;
    private readonly Cell[] _cells;
    private readonly EmptyCell _empty;
    private readonly Operation _operation;

    public RowWriter(ColumnPlan plan, Operation operation)
    {
        _columns = plan.Columns;
        _tree = PropertyTree.Of(plan.Columns, plan.Options.ExpandsNames);
        _empty = plan.Options.EmptyCell;
        _operation = operation;
        _cells = [.. plan.Columns.Select(column => operation == Operation.Add
            ? Cell.Of(PropertyType.Number, plan.Options.Format)
            : column.TypeSource == TypeSource.Inferred ? new InferredCell(column.Type, plan.Options.Format) : Cell.Of(column.Type, plan.Options.Format))];
    }

    /// <summary>Writes the object of properties; what is wrong with a cell, else null.</summary>
    public RowRejection? Write(Utf8JsonWriter json, ICsvReader record)
    {
        json.WriteStartObject();
        if (WriteMembers(_tree, json, record) is { } rejection)
            return rejection;
        json.WriteEndObject();
        return null;
    }

    private RowRejection? WriteMembers(PropertyTree parent, Utf8JsonWriter json, ICsvReader record)
    {
        foreach (var member in parent.Members)
        {
            if (!HasValue(member, record))
                continue;
            json.WritePropertyName(member.Name);
            if (member.Column < 0)
            {
                json.WriteStartObject();
                if (WriteMembers(member, json, record) is { } inside)
                    return inside;
                json.WriteEndObject();
            }
            else if (!TryWrite(member.Column, json, record.Field(_columns[member.Column].Index)))
            {
                return Unfit(member.Column);
            }
        }

        return null;
    }

    /// <summary>Whether there is a property to remove.</summary>
    public bool HasBlanks(ICsvReader record)
    {
        if (_empty != EmptyCell.Unset)
            return false;
        foreach (var member in _tree.Members)
        {
            if (!HasValue(member, record))
                return true;
        }

        return false;
    }

    /// <summary>Whether there is a property to write.</summary>
    public bool HasValues(ICsvReader record) => HasValue(_tree, record);

    /// <summary>Writes the names of the properties to remove. What is empty inside an object goes with the object that replaces it.</summary>
    public void WriteBlanks(Utf8JsonWriter json, ICsvReader record)
    {
        json.WriteStartArray();
        foreach (var member in _tree.Members)
        {
            if (!HasValue(member, record))
                json.WriteStringValue(member.Name);
        }

        json.WriteEndArray();
    }

    private bool HasValue(PropertyTree member, ICsvReader record)
    {
        if (member.Column >= 0)
            return _empty is EmptyCell.Null or EmptyCell.Empty || !record.Field(_columns[member.Column].Index).IsEmpty;
        foreach (var inner in member.Members)
        {
            if (HasValue(inner, record))
                return true;
        }

        return false;
    }

    private bool TryWrite(int column, Utf8JsonWriter json, ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty)
        {
            if (_empty == EmptyCell.Null)
                json.WriteNullValue();
            else
                json.WriteStringValue(cell);
            return true;
        }

        if (_operation != Operation.Union || _columns[column].Type == PropertyType.List)
            return _cells[column].TryWrite(json, cell);
        json.WriteStartArray();
        if (!_cells[column].TryWrite(json, cell))
            return false;
        json.WriteEndArray();
        return true;
    }

    private RowRejection Unfit(int column) => new(
        RowFault.UnsupportedValue,
        $"The column '{_columns[column].Header}' needs {_cells[column].Needed}, and the cell holds something else.",
        _operation == Operation.Add
            ? $"Correct or leave out '{_columns[column].Header}': only numbers can be added."
            : $"Correct the cell or empty it, or take the column as text with -PropertyType @{{ '{_columns[column].Header}' = 'Text' }}.");
}
