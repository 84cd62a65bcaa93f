using System.Globalization;
using System.Text.Json;
using ProfilesModule.Core.Tests.Wire;

namespace ProfilesModule.Tests.Engines;

/// <summary>A service over real HTTP that counts how often each row was delivered, and holds its replies back when told to.</summary>
internal sealed class HeldService : IAsyncDisposable
{
    private readonly RawServer _server;
    private readonly object _lock = new();
    private TaskCompletionSource _held = new();
    private TaskCompletionSource _released = new();
    private long _holdAt = long.MaxValue;
    private long _updates;

    /// <param name="rows">How many rows there are. Their identifiers are 1 to this.</param>
    public HeldService(int rows)
    {
        Deliveries = new int[rows + 1];
        _server = new(ServeAsync);
    }

    public Uri Endpoint => _server.Endpoint;

    /// <summary>How often each row arrived, by its number.</summary>
    public int[] Deliveries { get; }

    /// <summary>Ends once so many updates have arrived in all. From then on there is no reply until <see cref="Release"/>.</summary>
    public Task HoldAsync(long updates)
    {
        lock (_lock)
        {
            _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _holdAt = updates;
            if (_updates >= _holdAt)
                _held.SetResult();
            return _held.Task;
        }
    }

    /// <summary>Sends the replies that were held back, and those that follow.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _holdAt = long.MaxValue;
            _released.TrySetResult();
        }
    }

    public ValueTask DisposeAsync()
    {
        // A test that failed may have left clients without a reply.
        _released.TrySetResult();
        return _server.DisposeAsync();
    }

    private async Task ServeAsync(RawConnection connection)
    {
        while (await connection.ReadRequestAsync() is { } request)
        {
            await Receive(request.Body);
            await connection.WriteAsync(RawServer.Reply("200 OK", """{"error":null,"status":1}"""));
        }
    }

    private Task Receive(byte[] body)
    {
        var json = new Utf8JsonReader(body);
        var updates = 0;
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals("$distinct_id"u8))
                continue;
            json.Read();
            Interlocked.Increment(ref Deliveries[int.Parse(json.ValueSpan, CultureInfo.InvariantCulture)]);
            updates++;
        }

        lock (_lock)
        {
            _updates += updates;
            if (_updates < _holdAt)
                return Task.CompletedTask;
            _held.TrySetResult();
            return _released.Task;
        }
    }
}
