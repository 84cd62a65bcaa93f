using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Input;

/// <summary>
/// Input that can be read only once, such as a pipe, opened as often as it is looked at before its import: what was read is
/// kept until <see cref="StopKeeping"/>. From then on only one of what was opened may read on. Not thread-safe.
/// </summary>
/// <param name="input">The input, which is disposed of with this.</param>
/// <param name="cancellation">Ends a reading that waits. It is abandoned, since a pipe cannot be told to.</param>
internal sealed class ReadOnceInput(Stream input, CancellationToken cancellation) : IDisposable
{
    private readonly GrowingBuffer _kept = new(64 * 1024);

    // Nobody else's: what was abandoned may still write to it.
    private readonly byte[] _next = new byte[64 * 1024];
    private bool _isKeeping = true;

    /// <summary>Opens it from its start. What is opened does not let it go.</summary>
    public Stream Open() => new Reader(this);

    /// <summary>Stops keeping what is read.</summary>
    public void StopKeeping() => _isKeeping = false;

    /// <inheritdoc/>
    public void Dispose() => input.Dispose();

    private int Read(int position, Span<byte> buffer)
    {
        if (position < _kept.Length)
        {
            var kept = Math.Min(buffer.Length, _kept.Length - position);
            _kept.WrittenSpan.Slice(position, kept).CopyTo(buffer);
            return kept;
        }

        var most = Math.Min(buffer.Length, _next.Length);
        var read = Task.Run(() => input.Read(_next, 0, most), cancellation).WaitAsync(cancellation).GetAwaiter().GetResult();
        _next.AsSpan(0, read).CopyTo(buffer);
        if (_isKeeping)
            _kept.Write(_next.AsSpan(0, read));
        return read;
    }

    private sealed class Reader(ReadOnceInput source) : ForwardStream
    {
        // No further than behind what is kept.
        private int _position;

        public override int Read(Span<byte> buffer)
        {
            var read = source.Read(_position, buffer);
            _position = Math.Min(_position + read, source._kept.Length);
            return read;
        }
    }
}
