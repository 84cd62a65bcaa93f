using System.Text.Json;
using ProfilesModule.Core.Tests.Wire;

namespace ProfilesModule.Tests.Delivery.Chaos;

/// <summary>
/// A service that fails at random, and keeps what it applied and what it told of every row. What it does to a request
/// follows from the seed, the rows and how often they came, so that it does not depend on what else is under way.
/// </summary>
internal sealed class ChaosService : IAsyncDisposable
{
    private readonly RawServer _server;
    private readonly IReadOnlyList<ChaosRow> _rows;
    private readonly string _operation;
    private readonly int _seed;
    private readonly Random _connectionFaults;
    private readonly object _lock = new();
    private readonly Arrival[] _arrivals;
    private readonly List<string> _violations = [];
    private readonly Dictionary<string, Dictionary<string, string>> _profiles = [];
    private int _clock;

    public ChaosService(IReadOnlyList<ChaosRow> rows, string operation, int seed)
    {
        _rows = rows;
        _operation = operation;
        _seed = seed;
        _connectionFaults = new(seed);
        _arrivals = [.. rows.Select(_ => new Arrival())];
        _server = new(ServeAsync);
    }

    public Uri Endpoint => _server.Endpoint;

    /// <summary>The share of the requests that fail.</summary>
    public double Faults { get; set; }

    /// <summary>How many updates a request may carry.</summary>
    public int MostUpdates { get; set; } = int.MaxValue;

    /// <summary>Whether no update may be sent again of which nothing is known.</summary>
    public bool OnlyOnce { get; init; }

    /// <summary>What no client may do and this one did.</summary>
    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (_lock)
                return [.. _violations];
        }
    }

    /// <summary>The properties of each profile, where rows are set.</summary>
    public IReadOnlyDictionary<string, Dictionary<string, string>> Profiles => _profiles;

    public Arrival this[ChaosRow row] => _arrivals[row.Number - 1];

    /// <summary>A new import begins: rows that were refused may come again.</summary>
    public void BeginImport()
    {
        foreach (var arrival in _arrivals.Where(a => a.Known == Known.Refused))
            arrival.Known = Known.NotApplied;
    }

    /// <summary>All of it is sent once more.</summary>
    public void BeginAgain()
    {
        foreach (var arrival in _arrivals)
            arrival.Known = Known.NotApplied;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(RawConnection connection)
    {
        while (true)
        {
            await connection.WaitForBytesAsync();
            if (IsResetUnread())
            {
                connection.Reset();
                return;
            }

            if (await connection.ReadRequestAsync() is not { } request)
                return;
            var (reply, delay) = Receive(request.Body);
            await Task.Delay(delay);
            await connection.WriteAsync(reply.Text);
            if (reply.Ends == ConnectionEnd.Reset)
                connection.Reset();
            if (reply.Ends is not null)
                return;
        }
    }

    private bool IsResetUnread()
    {
        lock (_lock)
            return _connectionFaults.NextDouble() < Faults / 10;
    }

    private (ChaosReply Reply, TimeSpan Delay) Receive(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        lock (_lock)
        {
            var rows = new List<ChaosRow>();
            foreach (var record in document.RootElement.EnumerateArray())
            {
                var row = _rows[ChaosRow.NumberIn(record, _operation) - 1];
                if (row.Kind == ChaosKind.Malformed || !row.IsCarriedBy(record, _operation))
                    _violations.Add($"Row {row.Number} came as {record}.");
                if (this[row].Known is Known.Applied or Known.Refused || (OnlyOnce && this[row].Known == Known.Nothing))
                    _violations.Add($"Row {row.Number} came again, after {this[row].Count} times, of which was known: {this[row].Known}.");
                this[row].Count++;
                rows.Add(row);
            }

            var random = new Random(unchecked((((_seed * 31) + rows[0].Number) * 31) + this[rows[0]].Count));
            var reply = ChaosReply.To(random, rows, MostUpdates, Faults);
            for (var i = 0; i < rows.Count; i++)
            {
                this[rows[i]].Known = reply.Tells[i];
                if (reply.Applies[i])
                    Apply(rows[i]);
            }

            return (reply, TimeSpan.FromMilliseconds(random.NextDouble() < Faults / 4 ? random.Next(4) : 0));
        }
    }

    private void Apply(ChaosRow row)
    {
        this[row].Applied++;
        this[row].LastApplied = ++_clock;
        if (_operation != "Set")
            return;
        if (!_profiles.TryGetValue(row.Id, out var properties))
            _profiles.Add(row.Id, properties = []);
        foreach (var (name, value) in row.Cells)
            properties[name] = value;
    }
}

/// <summary>How a row fared at the service.</summary>
internal sealed class Arrival
{
    /// <summary>How often it came.</summary>
    public int Count { get; set; }

    /// <summary>How often it was applied.</summary>
    public int Applied { get; set; }

    /// <summary>When it was applied last; a later time is a larger number.</summary>
    public int LastApplied { get; set; }

    /// <summary>What the last reply lets the client know of it.</summary>
    public Known Known { get; set; } = Known.NotApplied;
}
