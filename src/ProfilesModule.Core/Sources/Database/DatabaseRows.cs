using System.Runtime.CompilerServices;
using System.Text.Json;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Json;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Database;

/// <summary>
/// The rows of a query as objects of JSON, so that they are read, checked and kept as those of a JSON file are. The query is executed
/// when the first row is read. Memory holds one row.
/// </summary>
/// <param name="query">The query.</param>
/// <param name="zone">The zone of times that do not say which they are in.</param>
/// <param name="isExcluded">Whether the values of a column are not to be read.</param>
/// <param name="stop">Cancels the query.</param>
internal sealed class DatabaseRows(DatabaseQuery query, TimeZoneInfo zone, Func<string, bool> isExcluded, CancellationToken stop)
    : IJsonObjects, IKeyedRows
{
    private readonly JsonBuffer _row = new();
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private readonly List<(int Column, Failure Failure)> _refused = [];

    private DatabaseSession? _session;
    private KeyedRows? _keyed;
    private int _key;
    private DatabaseColumn[] _columns = [];
    private JsonColumns _values = new([]);

    /// <summary>The number of the row, among those that are not left to others.</summary>
    public long LineNumber { get; private set; }

    /// <inheritdoc/>
    public long Position => 0;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Record => _row.Written;

    /// <inheritdoc/>
    public JsonColumns? Columns { get; private set; }

    /// <inheritdoc/>
    public Failure? Failure => _refused is [(_, var failure), ..] ? failure : null;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Read()
    {
        try
        {
            if (_session is null)
                Execute();
            if (!ReadNext())
                return false;
        }
        catch (Exception e) when (e is not FailureException)
        {
            if (_end.IsCancellationRequested)
                return false;
            throw query.Failed(e, isConnected: true);
        }

        _refused.Clear();
        Write();
        Columns = _refused.Count == 0 && ArePlain(_row.Written) ? _values : null;
        return true;
    }

    /// <inheritdoc/>
    public void LeaveToOthers() => LineNumber--;

    /// <inheritdoc/>
    public string? KeyOf(long row) => _keyed?.KeyOf(row);

    /// <inheritdoc/>
    public void ContinueBehind(long row, string? key)
    {
        _keyed = new(query);
        _keyed.ContinueBehind(row, key);
    }

    /// <inheritdoc/>
    public void Interrupt() => _end.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        _session?.Dispose();

        _end.Dispose();
    }

    /// <summary>Moves to the next row that no earlier run settled, and gives it its number.</summary>
    private bool ReadNext()
    {
        do
        {
            if (!_session!.Read())
                return false;
        }
        while (_keyed?.Take(LineNumber + 1, _session.Rows.GetValue(_key)) == false);
        LineNumber++;
        return true;
    }

    private void Execute()
    {
        LineNumber = _keyed?.FirstRow ?? 0;
        _session = new(_keyed?.Query ?? query, _end.Token);
        var rows = _session.Rows;
        var names = Enumerable.Range(0, rows.FieldCount).Select(rows.GetName).ToArray();
        if (Array.FindIndex(names, string.IsNullOrWhiteSpace) is >= 0 and var unnamed)
            throw new FailureException(Failures.UnnamedQueryColumn(query.Name, unnamed + 1));
        if (names.GroupBy(name => name).FirstOrDefault(name => name.Count() > 1) is { } twice)
            throw new FailureException(Failures.DuplicateProperty(twice.Key, "columns of the query"));
        _key = Array.FindIndex(names, name => name.Equals(query.OrderedBy, StringComparison.OrdinalIgnoreCase));
        if (_keyed is not null && _key < 0)
            throw new FailureException(Failures.OrderColumnNotFound(query.Name, query.OrderedBy!));
        _values = new(names);
        var values = new ValueWriter(value => value) { TimeZone = zone };
        _columns =
        [
            .. names.Select((name, i) => isExcluded(name)
                ? DatabaseColumn.WithoutValues(name, i)
                : DatabaseColumn.Of(rows, i, _session.HasTexts, query.SessionSettings.Count > 0, values)),
        ];
    }

    // What is inside lists and objects, and escapes, which may be half of a surrogate pair, are read as JSON.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool ArePlain(ReadOnlySpan<byte> row)
    {
        foreach (var (start, _) in _values.Values)
        {
            if (row[start] is (byte)'{' or (byte)'[')
                return false;
        }

        return row.IndexOf("\\u"u8) < 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write()
    {
        while (true)
        {
            var index = 0;
            try
            {
                var json = _row.Begin();
                json.WriteStartObject();
                for (; index < _columns.Length; index++)
                {
                    if (_refused.Count > 0 && _refused.Exists(refused => refused.Column == index))
                        _columns[index].WriteAsText(_session!.Rows, json);
                    else
                        _values.Values[index] = _columns[index].Write(_session!.Rows, json);
                }

                json.WriteEndObject();
                return;
            }
            catch (Exception e) when (e is NotSupportedException or InvalidCastException or OverflowException
                or FormatException or ArgumentException or JsonException)
            {
                // What was written of the value stands behind the columns before it, so the row is begun anew.
                _refused.Add((index, Failures.UnsendableValue(_columns[index].Name, e.Message.TrimEnd('.'))));
            }
        }
    }
}
