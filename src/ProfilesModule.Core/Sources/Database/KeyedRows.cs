using System.Globalization;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources.Database;

/// <summary>
/// The keys of the rows of a query that is ordered by them. A query that begins behind the parameter @after is compared by the server,
/// with its own collation; of any other the keys must be numbers, whose order is checked here. Thread-safe.
/// </summary>
/// <param name="query">The query.</param>
internal sealed class KeyedRows(DatabaseQuery query)
{
    private readonly Queue<(long Row, string Key)> _keys = [];
    private readonly bool _isComparedByServer = query.BeginsBehindKey;
    private DatabaseQuery? _continued;
    private string? _last;
    private decimal? _lastNumber;
    private decimal? _behind;

    /// <summary>The number of the last row of earlier runs.</summary>
    public long FirstRow { get; private set; }

    /// <summary>The query, behind that row where it can begin there.</summary>
    public DatabaseQuery Query => _continued ?? query;

    /// <inheritdoc cref="IKeyedRows.ContinueBehind"/>
    public void ContinueBehind(long row, string? key)
    {
        FirstRow = row;
        if (key is null)
            return;
        if (_isComparedByServer)
            _continued = query.Behind(key);
        else
            _behind = Number(key);
    }

    /// <inheritdoc cref="IKeyedRows.KeyOf"/>
    public string? KeyOf(long row)
    {
        lock (_keys)
        {
            string? key = null;
            while (_keys.TryPeek(out var first) && first.Row <= row)
                key = _keys.Dequeue().Key;
            return key;
        }
    }

    /// <summary>Takes the key of the next row; false when an earlier run settled the row.</summary>
    /// <param name="row">The number that the row gets.</param>
    /// <param name="value">The value of its key.</param>
    /// <exception cref="FailureException">It is not behind the one before.</exception>
    public bool Take(long row, object? value)
    {
        var key = value switch
        {
            null or DBNull => throw NotOrdered(row, "has no value"),
            DateTime or DateTimeOffset => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
        if (key == _last)
            throw NotOrdered(row, "has the value of the row before");
        _last = key;
        if (!_isComparedByServer)
        {
            var number = Number(key) ?? throw NotOrdered(row, "is not a number");
            if (number <= _lastNumber)
                throw NotOrdered(row, "is less than in the row before");
            _lastNumber = number;
            if (number <= _behind)
                return false;
        }

        lock (_keys)
            _keys.Enqueue((row, key));
        return true;
    }

    private static decimal? Number(string key) =>
        decimal.TryParse(key, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private FailureException NotOrdered(long row, string problem) =>
        new(Failures.QueryNotOrdered(query.Name, query.OrderedBy!, row, problem));
}
