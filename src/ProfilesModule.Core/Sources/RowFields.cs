using System.Collections;
using System.Data;

namespace ProfilesModule.Sources;

/// <summary>The fields of one row at a time, by name and in order. Reused from row to row.</summary>
public sealed class RowFields
{
    private readonly List<KeyValuePair<string, object?>> _fields = [];

    /// <summary>How many fields the row has.</summary>
    public int Count => _fields.Count;

    /// <summary>A field.</summary>
    /// <param name="index">Its 0-based index.</param>
    public KeyValuePair<string, object?> this[int index] => _fields[index];

    /// <summary>Forgets the row before.</summary>
    public void Clear() => _fields.Clear();

    /// <summary>Adds a field.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    public void Add(string name, object? value) => _fields.Add(new(name, value));

    /// <summary>Leaves a field out.</summary>
    /// <param name="index">Its 0-based index.</param>
    public void RemoveAt(int index) => _fields.RemoveAt(index);

    /// <summary>
    /// Takes the fields of a <see cref="DataRow"/>, <see cref="IDataRecord"/> or dictionary, directly: what PowerShell's
    /// adapter would add to them (RowState, Table, ItemArray and the like) is no data of the user's. False for any other object.
    /// </summary>
    /// <param name="row">The row.</param>
    public bool TryTake(object row)
    {
        Clear();
        switch (row)
        {
            case DataRowView view:
                Take(view.Row);
                return true;
            case DataRow data:
                Take(data);
                return true;
            case IDataRecord record:
                for (var i = 0; i < record.FieldCount; i++)
                    Add(record.GetName(i), record.GetValue(i));
                return true;
            case IDictionary dictionary:
                Take(dictionary);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The index of the field of that name, exactly or else without regard to case; -1 when there is none.</summary>
    /// <param name="name">The name.</param>
    public int IndexOf(string name)
    {
        var index = _fields.FindIndex(f => f.Key == name);
        return index >= 0 ? index : _fields.FindIndex(f => string.Equals(f.Key, name, StringComparison.OrdinalIgnoreCase));
    }

    private void Take(IDictionary dictionary)
    {
        // Not with foreach, which boxes each entry.
        var entries = dictionary.GetEnumerator();
        while (entries.MoveNext())
            Add(entries.Key as string ?? Convert.ToString(entries.Key, System.Globalization.CultureInfo.InvariantCulture) ?? "", entries.Value);
        (entries as IDisposable)?.Dispose();
    }

    private void Take(DataRow row)
    {
        var columns = row.Table.Columns;
        for (var i = 0; i < columns.Count; i++)
            Add(columns[i].ColumnName, row[i]);
    }
}
