namespace ProfilesModule.Wire;

/// <summary>
/// Knows whether the connection of a request served another before, and whether any of the reply came. A balancer that closes a
/// connection after some requests does so while the next is on its way: then only the connection was wrong. Where that
/// happens after the same number of requests again, connections are given up before it does.
/// </summary>
internal sealed class ConnectionUse : IDisposable
{
    private static readonly AsyncLocal<ConnectionUse?> Current = new();

    private Tracked? _connection;
    private bool _wasUsedBefore;
    private bool _replyBegan;

    /// <summary>Whether the request was the victim of a connection that was closed meanwhile.</summary>
    internal bool WasStale => _wasUsedBefore && !_replyBegan;

    /// <summary>Remembers after how many requests the connection was closed.</summary>
    internal void Learn() => _connection?.Learn();

    /// <summary>Ends the use: the reply was read, or none will be.</summary>
    public void Dispose()
    {
        if (_connection?.User == this)
            _connection.User = null;
    }

    /// <summary>Begins to watch the next request of the caller.</summary>
    internal static ConnectionUse Begin() => Current.Value = new();

    /// <summary>Has the connections of a client watched.</summary>
    public static void Watch(SocketsHttpHandler handler)
    {
        var limit = new RequestLimit();
        handler.PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new Tracked(context.PlaintextStream, limit));
    }

    private void Wrote(Tracked connection)
    {
        if (_connection == connection)
            return;
        _connection = connection;
        _wasUsedBefore = connection.Served > 0;
        _replyBegan = false;
        connection.User = this;
    }

    /// <summary>After how many requests connections are closed, as far as that is known. Thread-safe.</summary>
    private sealed class RequestLimit
    {
        private int _last;
        private int _limit = int.MaxValue;

        public bool IsReached(int served) => served >= Volatile.Read(ref _limit);

        /// <summary>Notes a connection that was closed; once may be chance.</summary>
        public void Closed(int served)
        {
            if (Interlocked.Exchange(ref _last, served) == served && served < Volatile.Read(ref _limit))
                Volatile.Write(ref _limit, served);
        }
    }

    /// <summary>A connection that knows the request that is written to it, by the flow of control of its sender.</summary>
    private sealed class Tracked(Stream inner, RequestLimit limit) : ForwardStream
    {
        /// <summary>How many replies came on this connection.</summary>
        public int Served { get; private set; }

        /// <summary>Whose request it serves; null while it waits for the next.</summary>
        public ConnectionUse? User { get; set; }

        public void Learn() => limit.Closed(Served);

        public override bool CanWrite => true;

        protected override IDisposable Inner => inner;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            // Before a client reuses a connection it checks whether the other side closed it.
            if (User is null && limit.IsReached(Served))
                return 0;
            var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read > 0 && User is { _replyBegan: false } user)
            {
                Served++;
                user._replyBegan = true;
            }

            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Current.Value?.Wrote(this);
            return inner.WriteAsync(buffer, cancellationToken);
        }

        // Requests are only sent asynchronously.
        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
    }
}
