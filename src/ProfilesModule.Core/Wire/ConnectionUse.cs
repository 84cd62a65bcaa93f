namespace ProfilesModule.Wire;

/// <summary>
/// Knows of a request whether its connection served another before, and whether anything of a reply came. A balancer that closes a
/// connection after some requests does so while the next is on its way: then nothing was wrong but the connection.
/// </summary>
public sealed class ConnectionUse
{
    private static readonly AsyncLocal<ConnectionUse?> Current = new();

    private Tracked? _connection;
    private bool _wasUsedBefore;
    private bool _replyBegan;

    private ConnectionUse()
    {
    }

    /// <summary>Whether the request was the victim of a connection that was closed meanwhile.</summary>
    internal bool WasStale => _wasUsedBefore && !_replyBegan;

    /// <summary>Begins to watch the request that the caller sends next.</summary>
    internal static ConnectionUse Begin() => Current.Value = new();

    /// <summary>Makes the connections of a client such that they can be watched.</summary>
    /// <param name="handler">The handler of the client.</param>
    public static void Watch(SocketsHttpHandler handler) =>
        handler.PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new Tracked(context.PlaintextStream));

    private void Wrote(Tracked connection)
    {
        if (_connection == connection)
            return;
        _connection = connection;
        _wasUsedBefore = connection.HasServed;
        _replyBegan = false;
        connection.User = this;
    }

    /// <summary>A connection that tells who writes to it, in whose flow of control the client writes.</summary>
    private sealed class Tracked(Stream inner) : Stream
    {
        /// <summary>Whether a reply came on this connection.</summary>
        public bool HasServed { get; private set; }

        public ConnectionUse? User { get; set; }

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Read(read);
            return read;
        }

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            Read(read);
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Current.Value?.Wrote(this);
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Current.Value?.Wrote(this);
            inner.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }

        private void Read(int read)
        {
            if (read == 0)
                return;
            HasServed = true;
            if (User is { } user)
                user._replyBegan = true;
        }
    }
}
