using ProfilesModule.Sources.Input;

namespace ProfilesModule.Sources.Json;

/// <summary>The bytes of a JSON file, as it is or compressed, of which memory holds what is read next.</summary>
internal sealed class JsonInput : IDisposable
{
    // Longer than any update may be; it bounds what an unclosed quote can swallow.
    private const int MaximumRecordBytes = 16 << 20;

    private static readonly byte[][] OtherMarks = [[0xFF, 0xFE], [0xFE, 0xFF], [0x00, 0x00, 0xFE, 0xFF]];

    private readonly PeekableStream _input;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[128 * 1024];
    private int _end;
    private bool _isEnd;
    private long _shifted;
    private long _lineStart;

    /// <summary>Begins behind a byte order mark.</summary>
    /// <param name="input">The file, from its start, which is disposed of with this.</param>
    /// <param name="zstandard">Decompresses Zstandard; null where it is not read.</param>
    public JsonInput(PeekableStream input, Func<Stream, Stream>? zstandard)
    {
        _input = input;
        _stream = TextInput.Of(input, zstandard);
        while (_end < 4 && Fill())
        {
            // As much as a byte order mark may have.
        }

        var start = _buffer.AsSpan(0, _end);
        if (OtherMarks.Any(mark => _buffer.AsSpan(0, _end).StartsWith(mark)) || FileFormat.UnmarkedUtf16(start) is not null)
            throw new InvalidDataException("it is UTF-16 or UTF-32 text, and JSON is UTF-8");
        while (Rest is [0xEF, 0xBB, 0xBF, ..])
            Start += 3;
    }

    /// <summary>Where in memory the next byte is.</summary>
    public int Start { get; private set; }

    /// <summary>The 1-based line of the next byte.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>How far the file was read, in bytes.</summary>
    public long Position => _stream == _input ? Passed : _input.Taken;

    /// <summary>What is in memory of the rest.</summary>
    public ReadOnlySpan<byte> Rest => _buffer.AsSpan(Start, _end - Start);

    private long Passed => _shifted + Start;

    /// <summary>Bytes in memory, from a <see cref="Start"/> on; valid until the next <see cref="Fill"/>.</summary>
    public ReadOnlySpan<byte> Slice(int start, int length) => _buffer.AsSpan(start, length);

    /// <summary>Passes over bytes in memory.</summary>
    public void Pass(int length)
    {
        var end = Start + length;
        while (_buffer.AsSpan(Start, end - Start).IndexOf((byte)'\n') is >= 0 and var lineEnd)
        {
            Start += lineEnd + 1;
            Line++;
            _lineStart = Passed;
        }

        Start = end;
    }

    /// <summary>Passes over white space; false at the end of the file.</summary>
    public bool SkipBlanks()
    {
        while (true)
        {
            var blanks = Rest.IndexOfAnyExcept(" \t\r\n"u8);
            Pass(blanks < 0 ? Rest.Length : blanks);
            if (blanks >= 0)
                return true;
            if (!Fill())
                return false;
        }
    }

    /// <summary>Whether something other than white space follows, without passing over it.</summary>
    /// <param name="offset">From where on.</param>
    public bool HasTextFrom(int offset)
    {
        while (Rest[offset..].IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            if (!Fill())
                return false;
        }

        return true;
    }

    /// <summary>How many bytes there are before the next line break, or the end of the file.</summary>
    public int FindLineEnd()
    {
        var seen = 0;
        while (true)
        {
            var end = Rest[seen..].IndexOf((byte)'\n');
            if (end >= 0)
                return seen + end;
            seen = Rest.Length;
            if (!Fill())
                return seen;
        }
    }

    /// <summary>Reads more of the rest into memory; false at the end of the file.</summary>
    /// <exception cref="InvalidDataException">Memory holds as much of it as one value may have.</exception>
    public bool Fill()
    {
        if (_isEnd)
            return false;
        if (Start > 0)
        {
            Rest.CopyTo(_buffer);
            _shifted += Start;
            _end -= Start;
            Start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_end >= MaximumRecordBytes)
                throw new InvalidDataException($"line {Line}: the value that begins there is larger than {MaximumRecordBytes >> 20} MB");
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = _stream.Read(_buffer.AsSpan(_end));
        _end += read;
        _isEnd = read == 0;
        return read > 0;
    }

    /// <summary>That the file cannot be read on.</summary>
    /// <param name="problem">Why.</param>
    /// <param name="lines">In which line, from this one on.</param>
    /// <param name="bytes">At which byte of that line, or from the next byte on.</param>
    public InvalidDataException Malformed(string problem, long lines = 0, long bytes = 0) =>
        new($"line {Line + lines}, byte {(lines == 0 ? Passed - _lineStart : 0) + bytes + 1}: {problem}");

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
