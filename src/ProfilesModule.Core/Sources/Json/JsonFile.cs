using System.Collections.Specialized;
using System.Text.Json;
using ProfilesModule.Sources.Input;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Json;

/// <summary>
/// Reads a JSON file, as it is or compressed with gzip, value by value: a line each (NDJSON), the elements of one list, or objects one behind the other where the
/// first of them takes several lines. Memory holds one value. What <see cref="Record"/> returns is valid until the next
/// <see cref="Read"/>.
/// </summary>
internal sealed class JsonFile : IDisposable
{
    /// <summary>Deeper values are refused as JSON; the service stores three levels.</summary>
    internal const int MaximumDepth = 256;

    // Longer than any update may be; it bounds what an unclosed quote can swallow.
    private const int MaximumRecordBytes = 16 << 20;

    private static readonly byte[][] OtherMarks = [[0xFF, 0xFE], [0xFE, 0xFF], [0x00, 0x00, 0xFE, 0xFF]];

    private readonly PeekableStream _input;
    private readonly Stream _stream;
    private readonly Layout _layout;
    private byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _end;
    private bool _isEnd;
    private bool _isFirst = true;
    private bool _isClosed;
    private int _recordStart;
    private int _recordLength;
    private long _line = 1;
    private long _shifted;
    private long _lineStart;

    private JsonFile(PeekableStream input)
    {
        _input = input;
        _stream = GzipInput.Reads(input.Peek(3)) ? new GzipInput(input) : input;
        _layout = FindLayout();
    }

    /// <summary>The 1-based line of the file where the value starts.</summary>
    public long LineNumber { get; private set; }

    /// <summary>How far the file was read, in bytes.</summary>
    public long Position => _stream == _input ? Passed : _input.Taken;

    /// <summary>The value as it stands in the file. That of a line may be anything; any other is JSON.</summary>
    public ReadOnlySpan<byte> Record => _buffer.AsSpan(_recordStart, _recordLength);

    private long Passed => _shifted + _start;

    private enum Layout
    {
        Lines,
        List,
        Objects,
    }

    /// <summary>Whether the name of a file says that it is JSON: .json, .jsonl or .ndjson, also with .gz.</summary>
    public static bool IsNamed(string path) =>
        Path.GetExtension(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path).ToLowerInvariant() is ".json" or ".jsonl" or ".ndjson";

    /// <summary>Opens a file, as it is or compressed with gzip.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It begins neither as an object nor as a list.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static JsonFile Open(string path) => Open(new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 }));

    /// <summary>The same of input that is not a file.</summary>
    /// <param name="input">The input, from its start, which is disposed of with this.</param>
    /// <exception cref="InvalidDataException">It begins neither as an object nor as a list.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static JsonFile Open(Stream input)
    {
        try
        {
            return new(new PeekableStream(input));
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>The values of an object: those of its members by name, nested ones as ordered dictionaries and arrays. Of a name that occurs twice the last one counts.</summary>
    /// <param name="record">The object.</param>
    public static OrderedDictionary Parse(ReadOnlySpan<byte> record)
    {
        var json = new Utf8JsonReader(record, new JsonReaderOptions { MaxDepth = MaximumDepth });
        json.Read();
        return JsonValues.Object(ref json);
    }

    /// <summary>Moves to the next value. Lines that are blank are none.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read on from here; the message says why and where.</exception>
    public bool Read() => _layout == Layout.Lines ? ReadLine() : ReadValue();

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private Layout FindLayout()
    {
        while (_end < 4 && Fill())
        {
            // As much as a byte order mark may have.
        }

        var start = _buffer.AsSpan(0, _end);
        if (OtherMarks.Any(mark => _buffer.AsSpan(0, _end).StartsWith(mark)))
            throw new InvalidDataException("it is UTF-16 or UTF-32 text, and JSON is UTF-8");
        if (start is [0xEF, 0xBB, 0xBF, ..])
            _start = 3;
        if (!SkipBlanks())
            return Layout.Lines;
        switch (_buffer[_start])
        {
            case (byte)'[':
                _start++;
                return Layout.List;
            case (byte)'{':
                // No line of NDJSON is a brace alone, and every object that is written over several lines begins with one.
                return FindLineEnd() is var end && _buffer.AsSpan(_start, end).TrimEnd(" \t\r"u8) is [_] && end < _end - _start ? Layout.Objects : Layout.Lines;
            default:
                throw new InvalidDataException($"line {_line}: it does not begin with a brace or a bracket, so it does not hold JSON objects");
        }
    }

    private bool ReadLine()
    {
        while (true)
        {
            var length = FindLineEnd();
            if (_start == _end)
                return false;
            LineNumber = _line;
            var line = _buffer.AsSpan(_start, length);
            var blanks = line.Length - line.TrimStart(" \t\r"u8).Length;
            (_recordStart, _recordLength) = (_start + blanks, line.Trim(" \t\r"u8).Length);
            _start += length;
            if (_start < _end)
                PassLineBreak();
            if (_recordLength > 0)
                return true;
        }
    }

    private bool ReadValue()
    {
        if (_isClosed || (_layout == Layout.List ? !MoveToElement() : !SkipBlanks()))
            return false;
        while (true)
        {
            var json = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaximumDepth }));
            try
            {
                if (json.Read() && json.TrySkip())
                {
                    Take((int)json.BytesConsumed);
                    return true;
                }
            }
            catch (JsonException e)
            {
                throw Malformed(e.LineNumber ?? 0, e.BytePositionInLine ?? 0, "it is not JSON");
            }

            if (!Fill())
                throw new InvalidDataException($"it ends inside the value that begins in line {_line}");
        }
    }

    /// <summary>Moves to the next element of the list; false at its end.</summary>
    private bool MoveToElement()
    {
        RequireMore();
        if (_buffer[_start] == ']')
        {
            _start++;
            _isClosed = true;
            return SkipBlanks() ? throw Malformed(0, 0, "text follows the list") : false;
        }

        if (!_isFirst)
        {
            if (_buffer[_start] != ',')
                throw Malformed(0, 0, "a comma or the end of the list is missing");
            _start++;
            RequireMore();
        }

        _isFirst = false;
        return true;
    }

    private void RequireMore()
    {
        if (!SkipBlanks())
            throw new InvalidDataException($"it ends inside its list, in line {_line}");
    }

    private void Take(int length)
    {
        (LineNumber, _recordStart, _recordLength) = (_line, _start, length);
        var end = _start + length;
        while (_buffer.AsSpan(_start, end - _start).IndexOf((byte)'\n') is >= 0 and var lineEnd)
        {
            _start += lineEnd;
            PassLineBreak();
        }

        _start = end;
    }

    private void PassLineBreak()
    {
        _start++;
        _line++;
        _lineStart = Passed;
    }

    /// <summary>Skips white space; false at the end of the file.</summary>
    private bool SkipBlanks()
    {
        while (_start < _end || Fill())
        {
            if (_buffer[_start] == '\n')
                PassLineBreak();
            else if (_buffer[_start] is (byte)' ' or (byte)'\t' or (byte)'\r')
                _start++;
            else
                return true;
        }

        return false;
    }

    /// <summary>How many bytes there are before the next line break, or the end of the file.</summary>
    private int FindLineEnd()
    {
        var seen = 0;
        while (true)
        {
            var end = _buffer.AsSpan(_start + seen, _end - _start - seen).IndexOf((byte)'\n');
            if (end >= 0)
                return seen + end;
            seen = _end - _start;
            if (!Fill())
                return seen;
        }
    }

    private bool Fill()
    {
        if (_isEnd)
            return false;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _shifted += _start;
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            if (_end >= MaximumRecordBytes)
                throw new InvalidDataException($"line {_line}: the value that begins there is larger than {MaximumRecordBytes >> 20} MB");
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = _stream.Read(_buffer.AsSpan(_end));
        _end += read;
        _isEnd = read == 0;
        return read > 0;
    }

    private InvalidDataException Malformed(long lines, long bytes, string problem) =>
        new($"line {_line + lines}, byte {(lines == 0 ? Passed - _lineStart : 0) + bytes + 1}: {problem}");
}
