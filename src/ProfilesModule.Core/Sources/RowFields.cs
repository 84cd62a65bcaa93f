using System.Collections;
using System.Data;
using System.Runtime.CompilerServices;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources;

/// <summary>The fields of one row at a time, by name and in order. Reused from row to row.</summary>
internal sealed class RowFields
{
    // Of a type of its own: to store into an array of objects costs a check of its type each time.
    private Field[] _fields = new Field[16];
    private FieldNames _shared = new([]);
    private FieldNames _sharedBefore = new([]);
    private bool _isLikeShared = true;
    private DateColumns? _dates;

    /// <summary>Whether columns of a DataTable that have no time of day stay dates, whatever the time zone.</summary>
    public bool KeepsDates { get; set; }

    /// <summary>How many fields the row has.</summary>
    public int Count { get; private set; }

    /// <summary>The names of all fields: the object of the row before, when it had the same, also before some were left out.</summary>
    public FieldNames Names
    {
        get
        {
            if (!_isLikeShared || Count != _shared.Count)
            {
                (_shared, _sharedBefore) = (IsLike(_sharedBefore) ? _sharedBefore : new([.. Enumerable.Range(0, Count).Select(i => _fields[i].Name)]), _shared);
                _isLikeShared = true;
            }

            return _shared;
        }
    }

    /// <summary>A field.</summary>
    /// <param name="index">Its 0-based index.</param>
    public KeyValuePair<string, object?> this[int index] => new(_fields[index].Name, _fields[index].Value);

    /// <summary>The value of a field.</summary>
    /// <param name="index">Its 0-based index.</param>
    public object? Value(int index) => _fields[index].Value;

    /// <summary>Forgets the row before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Clear()
    {
        Array.Clear(_fields, 0, Count);
        (Count, _isLikeShared) = (0, true);
    }

    /// <summary>Adds a field.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(string name, object? value)
    {
        if (Count == _fields.Length)
            Array.Resize(ref _fields, 2 * Count);
        _isLikeShared = _isLikeShared && Count < _shared.Count && _shared[Count] == name;
        _fields[Count++] = new(name, value);
    }

    /// <summary>Leaves a field out.</summary>
    /// <param name="index">Its 0-based index.</param>
    public void RemoveAt(int index)
    {
        Count--;
        Array.Copy(_fields, index + 1, _fields, index, Count - index);
        _fields[Count] = default;
        _isLikeShared = false;
    }

    /// <summary>Takes the texts of the fields as the user wants them, those inside lists and objects as they are.</summary>
    /// <param name="texts">How.</param>
    /// <param name="identifier">The index of the field that is the id and no property; -1 when there is none.</param>
    /// <param name="unwrap">Takes off what is around a value.</param>
    public void Take(InputTexts texts, int identifier, Func<object, object?> unwrap)
    {
        for (var i = 0; i < Count; i++)
        {
            var (name, value) = _fields[i];
            if (i == identifier)
                continue;
            var taken = value is not null && ValueContents.Scalar(unwrap(value)) is string text ? texts.Value(text) : value;
            _fields[i] = new(texts.Name(name), taken);
        }

        _isLikeShared = false;
    }

    /// <summary>The index of the field of that name, exactly or else without regard to case; -1 when there is none.</summary>
    /// <param name="name">The name.</param>
    public int IndexOf(string name)
    {
        var index = Array.FindIndex(_fields, 0, Count, field => field.Name == name);
        return index >= 0 ? index : Array.FindIndex(_fields, 0, Count, field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>
    /// Takes the fields of a <see cref="DataRow"/>, <see cref="IDataRecord"/>, dictionary or object of JSON, directly: what PowerShell's
    /// adapter would add to them (RowState, Table, ItemArray and the like) is not data of the user. False for any other object.
    /// </summary>
    /// <param name="row">The row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
                    Add(record.GetName(i), Value(record, i));
                return true;
            case IDictionary dictionary:
                Take(dictionary);
                return true;
            default:
                return ValueContents.Unwrapped(row) is { } content && ValueContents.Members(content) is { } members && Take(members);
        }
    }

    private bool Take(IEnumerable<KeyValuePair<string, object?>> members)
    {
        foreach (var (name, value) in members)
            Add(name, value);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(IDictionary dictionary)
    {
        // Not with foreach, which boxes each entry.
        var entries = dictionary.GetEnumerator();
        while (entries.MoveNext())
            Add(entries.Key as string ?? Convert.ToString(entries.Key, System.Globalization.CultureInfo.InvariantCulture) ?? "", entries.Value);
        (entries as IDisposable)?.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(DataRow row)
    {
        var columns = row.Table.Columns;
        if (KeepsDates && _dates?.Table != row.Table)
            _dates = new(row.Table);
        for (var i = 0; i < columns.Count; i++)
        {
            var isDate = KeepsDates && _dates!.AreIn(i) && row[i] is DateTime { TimeOfDay.Ticks: 0 };
            Add(columns[i].ColumnName, isDate ? DateOnly.FromDateTime((DateTime)row[i]) : row[i]);
        }
    }

    // What the server calls a date is one, and .NET has no other type for it here than that of a time.
    private static object Value(IDataRecord record, int index) =>
        record.GetValue(index) is var value && value is DateTime { TimeOfDay.Ticks: 0 } date
            && record.GetDataTypeName(index).Equals("date", StringComparison.OrdinalIgnoreCase)
            ? DateOnly.FromDateTime(date)
            : value;

    private bool IsLike(FieldNames names)
    {
        if (names.Count != Count)
            return false;
        for (var i = 0; i < Count; i++)
        {
            if (names[i] != _fields[i].Name)
                return false;
        }

        return true;
    }

    private readonly record struct Field(string Name, object? Value);
}

/// <summary>
/// The columns of a table whose first rows have dates without a time: as a time of a zone, they would be the day before in another.
/// </summary>
internal sealed class DateColumns(DataTable table)
{
    private const int Rows = 1000;

    private readonly bool[] _areDates = [.. table.Columns.Cast<DataColumn>().Select(IsDate)];

    /// <summary>The table.</summary>
    public DataTable Table => table;

    /// <summary>Whether a column has dates.</summary>
    /// <param name="column">Its index.</param>
    public bool AreIn(int column) => column < _areDates.Length && _areDates[column];

    private static bool IsDate(DataColumn column)
    {
        if (column.DataType != typeof(DateTime) || column.DateTimeMode is DataSetDateTime.Utc or DataSetDateTime.Local)
            return false;
        var values = column.Table!.Rows.Cast<DataRow>().Take(Rows)
            .Where(row => row.RowState != DataRowState.Deleted)
            .Select(row => row[column])
            .Where(value => value is not DBNull)
            .ToArray();
        return values.Length > 0 && values.All(value => value is DateTime { TimeOfDay.Ticks: 0 });
    }
}

/// <summary>
/// The names of the fields of rows, in order. Rows that follow each other and have the same names share one object, so that
/// what follows from the names is found out once for all of them.
/// </summary>
/// <param name="names">The names.</param>
internal sealed class FieldNames(string[] names)
{
    /// <summary>How many there are.</summary>
    public int Count => names.Length;

    /// <summary>A name that occurs more than once, such as that of a column of two tables; null if there is none.</summary>
    public string? Repeated { get; } = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;

    /// <summary>A name.</summary>
    /// <param name="index">Its 0-based index.</param>
    public string this[int index] => names[index];
}
