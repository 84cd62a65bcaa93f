using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Input;

/// <summary>Input whose next bytes can be looked at before they are read, whether it can seek or not.</summary>
/// <param name="input">The input, which is disposed of with this.</param>
internal sealed class PeekableStream(Stream input) : ForwardStream
{
    private readonly byte[] _buffer = new byte[4096];
    private int _next;
    private int _end;

    /// <summary>How many bytes were read of it.</summary>
    public long Taken { get; private set; }

    /// <summary>The next bytes, no more than there are. They stay to be read.</summary>
    /// <param name="count">How many, far less than a page of memory.</param>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_end - _next < count)
        {
            _buffer.AsSpan(_next.._end).CopyTo(_buffer);
            (_next, _end) = (0, _end - _next);
            _end += input.ReadAtLeast(_buffer.AsSpan(_end), count - _end, throwOnEndOfStream: false);
        }

        return _buffer.AsSpan(_next, Math.Min(count, _end - _next));
    }

    /// <summary>The next bytes that came together: input that arrives slowly is not waited for. They stay to be read.</summary>
    /// <param name="most">How many at most.</param>
    public ReadOnlySpan<byte> PeekRead(int most)
    {
        Peek(1);
        return _buffer.AsSpan(_next, Math.Min(most, _end - _next));
    }

    /// <summary>Passes over bytes that were looked at.</summary>
    /// <param name="count">How many.</param>
    public void Skip(int count)
    {
        _next += count;
        Taken += count;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var isInMemory = _next < _end;
        var read = isInMemory ? Math.Min(buffer.Length, _end - _next) : input.Read(buffer);
        if (isInMemory)
        {
            _buffer.AsSpan(_next, read).CopyTo(buffer);
            _next += read;
        }

        Taken += read;
        return read;
    }

    /// <inheritdoc/>
    protected override IDisposable Inner => input;
}
