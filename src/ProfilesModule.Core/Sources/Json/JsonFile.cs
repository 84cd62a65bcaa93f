using System.Collections.Specialized;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Json;

/// <summary>Objects as JSON, one after the other. What <see cref="Record"/> returns is valid until the next <see cref="Read"/>.</summary>
internal interface IJsonObjects : IDisposable
{
    /// <summary>The 1-based line of the file where the object starts; of a query the number of its row.</summary>
    long LineNumber { get; }

    /// <summary>How far the input was read, in bytes.</summary>
    long Position { get; }

    /// <summary>The object as it stands in the input.</summary>
    ReadOnlySpan<byte> Record { get; }

    /// <summary>Where the values of the object are, if they need not be looked for; else null.</summary>
    JsonColumns? Columns => null;

    /// <summary>Why the object cannot be sent, where its source tells; else null.</summary>
    Failure? Failure => null;

    /// <summary>Moves to the next object.</summary>
    bool Read();

    /// <summary>Leaves the object to another task: where objects are known by their numbers, the next one gets its number.</summary>
    void LeaveToOthers()
    {
    }

    /// <summary>Ends a wait for the next object, from any thread. A file does not wait.</summary>
    void Interrupt()
    {
    }
}

/// <summary>The members of objects that all have the same names, and texts, numbers, Booleans and null as values.</summary>
/// <param name="names">The names.</param>
internal sealed class JsonColumns(IReadOnlyList<string> names)
{
    public IReadOnlyList<string> Names => names;

    /// <summary>Where the value of each is in the object, and how long it is.</summary>
    public (int Start, int Length)[] Values { get; } = new (int, int)[names.Count];
}

/// <summary>
/// Reads a JSON file, as it is or compressed, value by value, as <see cref="JsonLayout"/> says that they follow each other.
/// Memory holds one value. What <see cref="Record"/> returns is valid until the next <see cref="Read"/>.
/// </summary>
internal sealed class JsonFile : IJsonObjects
{
    /// <summary>Deeper values are refused as JSON; the service stores three levels.</summary>
    internal const int MaximumDepth = 256;

    internal static readonly JsonReaderOptions Options = new() { MaxDepth = MaximumDepth };

    private readonly JsonInput _input;
    private readonly JsonLayout _layout;
    private readonly JsonEnvelope? _envelope;
    private bool _isInList;
    private bool _isFirst = true;
    private bool _isClosed;
    private int _recordStart;
    private int _recordLength;

    private JsonFile(JsonInput input, JsonRoot? root)
    {
        _input = input;
        var start = JsonStart.Of(input, root);
        _layout = start.Layout;
        _envelope = _layout == JsonLayout.Envelope ? new(input, start.Root!) : null;
        _isInList = _layout == JsonLayout.List;
        if (_isInList)
            input.Pass(1);
    }

    /// <inheritdoc/>
    public long LineNumber { get; private set; }

    /// <inheritdoc/>
    public long Position => _input.Position;

    /// <summary>The value as it stands in the file. That of a line may be anything; any other is JSON.</summary>
    public ReadOnlySpan<byte> Record => _input.Slice(_recordStart, _recordLength);

    /// <summary>Whether the name of a file says that it is JSON: .json, .jsonl or .ndjson, also with .gz or .zst.</summary>
    public static bool IsNamed(string path)
    {
        var isCompressed = Path.GetExtension(path).ToLowerInvariant() is ".gz" or ".zst";
        var name = isCompressed ? Path.GetFileNameWithoutExtension(path) : path;
        return Path.GetExtension(name).ToLowerInvariant() is ".json" or ".jsonl" or ".ndjson";
    }

    /// <summary>Opens a file, as it is or compressed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="root">Where in it the objects are; null where they are at its top.</param>
    /// <param name="zstandard">Decompresses Zstandard; null where it is not read.</param>
    /// <exception cref="InvalidDataException">It begins neither as an object nor as a list.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static JsonFile Open(string path, JsonRoot? root = null, Func<Stream, Stream>? zstandard = null) =>
        Open(new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 }), root, zstandard);

    /// <summary>The same of input that is not a file.</summary>
    /// <param name="input">The input, from its start, which is disposed of with this.</param>
    /// <param name="root">Where in it the objects are; null where they are at its top.</param>
    /// <param name="zstandard">Decompresses Zstandard; null where it is not read.</param>
    /// <exception cref="InvalidDataException">It begins neither as an object nor as a list.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static JsonFile Open(Stream input, JsonRoot? root = null, Func<Stream, Stream>? zstandard = null)
    {
        try
        {
            return new(new(new(input), zstandard), root);
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
        var json = new Utf8JsonReader(record, Options);
        json.Read();
        return JsonValues.Object(ref json);
    }

    /// <summary>Moves to the next value. Lines that are blank are none.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read on from here; the message says why and where.</exception>
    public bool Read() => _layout switch
    {
        JsonLayout.Lines => ReadLine(),
        JsonLayout.Objects => _input.SkipBlanks() && ReadValue(),
        _ => MoveToElement() && ReadValue(),
    };

    /// <inheritdoc/>
    public void Dispose() => _input.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool ReadLine()
    {
        while (true)
        {
            var length = _input.FindLineEnd();
            if (_input.Rest.IsEmpty)
                return false;
            LineNumber = _input.Line;
            var line = _input.Rest[..length];
            var blanks = line.Length - line.TrimStart(" \t\r"u8).Length;
            (_recordStart, _recordLength) = (_input.Start + blanks, line.Trim(" \t\r"u8).Length);
            _input.Pass(Math.Min(length + 1, _input.Rest.Length));
            if (_recordLength > 0)
                return true;
        }
    }

    private bool ReadValue()
    {
        while (true)
        {
            var json = new Utf8JsonReader(_input.Rest, isFinalBlock: false, new(Options));
            try
            {
                if (json.Read() && json.TrySkip())
                {
                    (LineNumber, _recordStart, _recordLength) = (_input.Line, _input.Start, (int)json.BytesConsumed);
                    _input.Pass(_recordLength);
                    return true;
                }
            }
            catch (JsonException e)
            {
                throw _input.Malformed("it is not JSON", e.LineNumber ?? 0, e.BytePositionInLine ?? 0);
            }

            if (!_input.Fill())
                throw new InvalidDataException($"it ends inside the value that begins in line {_input.Line}");
        }
    }

    /// <summary>Moves to the next element of the list, or of the next one; false at the end of the file.</summary>
    private bool MoveToElement()
    {
        while (!_isClosed)
        {
            if (!_isInList)
            {
                if (!_envelope!.MoveToList())
                    return false;
                (_isInList, _isFirst) = (true, true);
            }

            RequireMore();
            if (_input.Rest[0] != ']')
            {
                PassComma();
                return true;
            }

            if (_envelope is null)
                Close();
            _isInList = false;
        }

        return false;
    }

    private void PassComma()
    {
        if (!_isFirst)
        {
            if (_input.Rest[0] != ',')
                throw _input.Malformed("a comma or the end of the list is missing");
            _input.Pass(1);
            RequireMore();
        }

        _isFirst = false;
    }

    private void Close()
    {
        _input.Pass(1);
        _isClosed = true;
        if (_input.SkipBlanks())
            throw _input.Malformed("text follows the list");
    }

    private void RequireMore()
    {
        if (!_input.SkipBlanks())
            throw new InvalidDataException($"it ends inside its list, in line {_input.Line}");
    }
}
