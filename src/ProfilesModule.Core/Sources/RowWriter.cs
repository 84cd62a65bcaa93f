using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Sources;

/// <summary>Writes the cells of the row that is read as the value of its operation.</summary>
internal sealed class RowWriter(CsvRows row, Operation operation, RowRules rules)
{
    private readonly IReadOnlyList<CsvColumn> _columns = row.Plan.Columns;
    private readonly PropertyTree _tree = PropertyTree.Of(row.Plan.Columns, row.Plan.Options.ExpandsNames);
    private readonly bool[] _isHashed = [.. row.Plan.Columns.Select(column => row.IsHashed(column.Index))];
    private readonly Cell[] _cells = [.. row.Plan.Columns.Select(column => CellOf(column, operation, row.Plan.Options.Format))];
    private readonly EmptyCell _empty = row.Plan.Options.EmptyCell;
    private CellWords? _words;
    private ulong _names;
    private readonly SingleValues? _single = SingleValues.AreTakenBy(operation) ? new(operation) : null;

    /// <summary>Writes the records of an operation on lists; none if the row has no value.</summary>
    /// <returns>Why they cannot be sent, else null. What a refused row leaves behind is to be abandoned.</returns>
    public Failure? WriteSingleValues(UpdateWriter writer, ReadOnlySpan<byte> id, ulong profile)
    {
        _single!.Clear();
        foreach (var property in _tree.Members)
        {
            var cell = row.Field(_columns[property.Column].Index);
            if (cell.IsEmpty)
                continue;
            if (!TryWriteCell(property.Column, _single.BeginValue(), cell))
            {
                rules.Refuse(WrongCell(property.Column, cell), cell);
                continue;
            }

            if (_isHashed[property.Column])
                CheckHashed(property);
            else
                property.Rules.CheckJson(_single.Written(), rules);
            _single.Add(property.Name, _single.Written());
        }

        return _single.WriteTo(writer, rules, id, profile);
    }

    /// <summary>
    /// Writes the object of properties, and holds them to the rules. What a refused row leaves behind is to be abandoned.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(UpdateWriter writer)
    {
        if (_columns.Count > Limits.MaximumProperties && _tree.Members.Count(HasValue) > Limits.MaximumProperties)
            rules.Refuse(Failures.TooManyProperties);
        _names = 0;
        writer.Json.WriteStartObject();
        foreach (var property in _tree.Members)
        {
            if (property.Column >= 0)
                WriteProperty(property, writer, row.Field(_columns[property.Column].Index));
            else if (HasValue(property))
                WriteObject(property, writer);
        }

        writer.Json.WriteEndObject();
        writer.Claim?.HasNames(_names);
    }

    /// <summary>Whether the texts of a record alone are larger than an update may be, which saves writing it.</summary>
    public bool IsTooLarge() => Enumerable.Range(0, _columns.Count)
        .Where(i => _cells[i] is TextCell && !_isHashed[i])
        .Sum(i => (long)row.Field(_columns[i].Index).Length) > Limits.MaximumBatchBytes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteProperty(PropertyTree property, UpdateWriter writer, ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty && !WritesEmpty && !IsEmptyText(property.Column))
            return;
        WriteName(property, writer);
        var position = writer.Position;
        if (!TryWrite(property.Column, writer.Json, cell))
        {
            // The rest of the row is looked at all the same.
            rules.Refuse(WrongCell(property.Column, cell), cell);
            return;
        }

        if (_isHashed[property.Column])
        {
            CheckHashed(property);
            return;
        }

        switch (_cells[property.Column])
        {
            // The file itself says that it is a text.
            case TextCell when row.IsMarkedText(_columns[property.Column].Index) && NullTexts.Contain(cell):
                break;
            case TextCell:
                property.Rules.CheckText(cell, rules);
                break;
            // A separator may be part of it.
            case ListCell when property.Rules.IsNoValue(cell, rules):
                break;
            case ListCell or JsonCell or { WroteDefault: true }:
            case not DateCell when property.Rules.IsReserved:
                property.Rules.CheckJson(writer.WrittenFrom(position), rules);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteName(PropertyTree property, UpdateWriter writer)
    {
        writer.Json.WritePropertyName(property.Name);
        _names = NameSets.Hash(_names, property.NameHash);
    }

    // No rule is about a hash, but what breaks one is not to be hidden by it.
    private void CheckHashed(PropertyTree property)
    {
        if (row.IsToBeHashed(_columns[property.Column].Index))
            property.Rules.CheckHashed(row.Plain(_columns[property.Column].Index), rules);
    }

    private void WriteObject(PropertyTree property, UpdateWriter writer)
    {
        WriteName(property, writer);
        var position = writer.Position;
        WriteMembers(property, writer.Json);
        property.Rules.CheckJson(writer.WrittenFrom(position), rules);
    }

    private void WriteMembers(PropertyTree parent, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var member in parent.Members)
        {
            if (!HasValue(member))
                continue;
            json.WritePropertyName(member.Name);
            if (member.Column < 0)
                WriteMembers(member, json);
            else
                WriteMember(member, json, row.Field(_columns[member.Column].Index));
        }

        json.WriteEndObject();
    }

    private void WriteMember(PropertyTree member, Utf8JsonWriter json, ReadOnlySpan<byte> cell)
    {
        if (!TryWrite(member.Column, json, cell))
            rules.Refuse(WrongCell(member.Column, cell), cell);
        else if (_isHashed[member.Column])
            CheckHashed(member);
    }

    /// <summary>Whether there is a property to remove.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool HasBlanks()
    {
        if (_empty != EmptyCell.Unset)
            return false;
        foreach (var member in _tree.Members)
        {
            if (!HasValue(member))
                return true;
        }

        return false;
    }

    /// <summary>Whether there is a property to write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool HasValues() => HasValue(_tree);

    /// <summary>
    /// Writes the names of the properties to remove. What is empty inside an object goes with the object that replaces it.
    /// </summary>
    public void WriteBlanks(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var member in _tree.Members)
        {
            if (!HasValue(member))
                json.WriteStringValue(member.Name);
        }

        json.WriteEndArray();
    }

    private bool IsEmptyText(int column) => _cells[column] is TextCell && row.IsMarkedText(_columns[column].Index);

    private bool WritesEmpty => _empty is EmptyCell.Null or EmptyCell.Empty;

    private bool HasValue(PropertyTree member)
    {
        if (member.Column >= 0)
            return WritesEmpty || !row.Field(_columns[member.Column].Index).IsEmpty || IsEmptyText(member.Column);
        foreach (var inner in member.Members)
        {
            if (HasValue(inner))
                return true;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryWrite(int column, Utf8JsonWriter json, ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty)
        {
            if (_empty == EmptyCell.Null && !IsEmptyText(column))
                json.WriteNullValue();
            else
                json.WriteStringValue(cell);
            return true;
        }

        return TryWriteCell(column, json, cell);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryWriteCell(int column, Utf8JsonWriter json, ReadOnlySpan<byte> cell)
    {
        if (_cells[column].TryWrite(json, cell))
            return true;
        json.WriteNullValue();
        return false;
    }

    private static Cell CellOf(CsvColumn column, Operation operation, CellFormat format) =>
        operation == Operation.Add ? Cell.Of(PropertyType.Number, format)
        : column.Form is { } form ? new InferredCell(form, format)
        : Cell.Of(column.Type, format);

    private Failure WrongCell(int column, ReadOnlySpan<byte> cell)
    {
        var (header, property) = (_columns[column].Header, _columns[column].Property);
        if (NullTexts.Contain(cell))
            return Failures.NullCell(header, property, _cells[column].Needed, Encoding.UTF8.GetString(cell));
        if (_columns[column].Type == PropertyType.Date && UnixTime.LikelyType(cell) is { } type)
            return Failures.CountedTime(header, property, type.ToString());
        var held = (_words ??= new(row.Plan.Options.Format)).Of(cell);
        return operation == Operation.Add
            ? Failures.CellNotAdded(header, property, held)
            : Failures.WrongCell(header, property, _cells[column].Needed, held, _cells[column].Formats);
    }
}
