using System.Text.Json;
using System.Text;
using ProfilesModule.Delivery.Trail;

namespace ProfilesModule.Sources.Json;

/// <summary>What the first value of a file tells of the others. It is looked at, and stays to be read.</summary>
internal sealed class JsonStart
{
    // The list of profiles in a reply of the service's query, and the member that each of them has.
    private const string ReplyList = "results";
    private const string ReplyIdentifier = "$distinct_id";

    // So many lines tell whether the others can be read where the first one cannot.
    private const int MostLines = 10;

    private readonly JsonPath _path = new();
    private readonly List<string> _lists = [];
    private readonly List<string> _names = [];
    private bool _isReply;
    private bool _isMalformed;
    private int? _length;

    /// <summary>How the values follow each other.</summary>
    public JsonLayout Layout { get; private set; }

    /// <summary>The names that lead to the list of an envelope; null for any other layout.</summary>
    public string? Root { get; private set; }

    /// <summary>Looks at the first value.</summary>
    /// <param name="input">The file, whose leading blanks are skipped.</param>
    /// <param name="root">Where its objects are; null for a file of which that is known: one that the module wrote.</param>
    /// <exception cref="JsonRootException">They are not there.</exception>
    /// <exception cref="InvalidDataException">It is not JSON with objects.</exception>
    public static JsonStart Of(JsonInput input, JsonRoot? root)
    {
        var start = new JsonStart();
        if (!input.SkipBlanks())
            return start;
        switch (input.Rest[0])
        {
            case (byte)'[':
                start.Layout = JsonLayout.List;
                if (root?.Path is not null)
                    throw new JsonRootException("it is a list itself, so that it needs no -Root", []);
                return start;
            case (byte)'{':
                start.Root = start.FindRoot(input, root);
                start.Layout = start.Root is null ? start.FindLayout(input) : JsonLayout.Envelope;
                return start;
            default:
                throw new InvalidDataException(
                    $"line {input.Line}: it does not begin with a brace or a bracket, so it does not hold JSON objects");
        }
    }

    private bool IsRejected => _names.Contains(RejectFields.ErrorId);

    private string? FindRoot(JsonInput input, JsonRoot? root)
    {
        var path = root?.Path;
        var isTooLong = false;
        try
        {
            do
            {
                Scan(input.Rest, path);
            }
            while (_length is null && !_isMalformed && Found(path) is null && input.Fill());
        }
        catch (InvalidDataException) when (root is not null)
        {
            isTooLong = true;
        }

        if (root is null || IsRejected)
            return null;
        if (path is not null)
        {
            return _length is null || Found(path) is not null
                ? path
                : throw new JsonRootException($"its first object has no list '{path}'", _lists);
        }

        if (_isReply)
            return ReplyList;
        var mayBeEnvelope = _lists.Count > 0 && !IsProfile(root);
        return mayBeEnvelope && (isTooLong || (_length is { } length && !input.HasTextFrom(length)))
            ? throw new JsonRootException("it is one object, which has no identifier, around other objects", _lists)
            : null;
    }

    private bool IsProfile(JsonRoot root) => _names.Exists(name => root.IsIdentifier(name));

    private string? Found(string? path) =>
        path is null ? (_isReply ? ReplyList : null) : _lists.Find(list => string.Equals(list, path, StringComparison.OrdinalIgnoreCase));

    private void Scan(ReadOnlySpan<byte> text, string? wanted)
    {
        _path.Clear();
        _lists.Clear();
        _names.Clear();
        _isReply = false;
        var isBehindBracket = false;
        var json = new Utf8JsonReader(text, isFinalBlock: false, new(JsonFile.Options));
        try
        {
            while (json.Read())
            {
                if (isBehindBracket && (json.TokenType == JsonTokenType.StartObject || (wanted is not null && _path.Is(wanted))))
                    _lists.Add(_path.ToString());
                isBehindBracket = _path.Take(ref json);
                if (json is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
                    _names.Add(Encoding.UTF8.GetString(json.ValueSpan));
                _isReply |= json is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 3 } && _path.IsInList && _lists is [ReplyList]
                    && json.ValueTextEquals(ReplyIdentifier);
                if (json is { TokenType: JsonTokenType.EndObject, CurrentDepth: 0 })
                {
                    _length = (int)json.BytesConsumed;
                    return;
                }
            }
        }
        catch (JsonException)
        {
            _isMalformed = true;
        }
    }

    private JsonLayout FindLayout(JsonInput input)
    {
        var line = input.FindLineEnd();
        if (_length is not { } length)
            return LayoutOfLines(input, line, -1);
        return length > line || input.Rest[length..line].TrimStart(" \t\r"u8) is [(byte)'{', ..]
            ? JsonLayout.Objects
            : LayoutOfLines(input, line, length);
    }

    /// <summary>Lines, if the first is whole or the only one, or one of the next is an object; else what ends at the first error.</summary>
    private static JsonLayout LayoutOfLines(JsonInput input, int line, int length)
    {
        if ((length >= 0 && input.Rest[length..line].Trim(" \t\r"u8).IsEmpty) || !input.HasTextFrom(line))
            return JsonLayout.Lines;
        var rest = input.Rest[line..].TrimStart(" \t\r\n"u8);
        for (var i = 1; i < MostLines && !rest.IsEmpty; i++)
        {
            var end = rest.IndexOf((byte)'\n') is >= 0 and var found ? found : rest.Length;
            if (IsObject(rest[..end]))
                return JsonLayout.Lines;
            rest = rest[end..].TrimStart(" \t\r\n"u8);
        }

        return JsonLayout.Objects;
    }

    private static bool IsObject(ReadOnlySpan<byte> line)
    {
        if (line is not [(byte)'{', ..])
            return false;
        try
        {
            var json = new Utf8JsonReader(line, JsonFile.Options);
            while (json.Read())
            {
                // The whole of it, to be sure that it is JSON.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>How the objects of a file follow each other.</summary>
internal enum JsonLayout
{
    /// <summary>One a line (NDJSON). What is wrong with a line affects no other.</summary>
    Lines,

    /// <summary>As the elements of one list.</summary>
    List,

    /// <summary>One behind the other, over several lines or in one.</summary>
    Objects,

    /// <summary>As the elements of a list inside of an object, or of several such objects.</summary>
    Envelope,
}

/// <summary>Where in a file the objects are.</summary>
/// <param name="Path">The names that lead to their list, with dots between them; null where they are at the top of the file.</param>
/// <param name="IsIdentifier">Whether a member of that name identifies a profile, so that the object around it is one.</param>
internal sealed record JsonRoot(string? Path, Func<string, bool> IsIdentifier);

/// <summary>The file does not have its objects where they were looked for.</summary>
/// <param name="problem">What it has instead.</param>
/// <param name="lists">The lists of objects that it has.</param>
internal sealed class JsonRootException(string problem, IReadOnlyList<string> lists) : IOException(problem)
{
    /// <summary>The lists of objects that it has, each as a <see cref="JsonRoot.Path"/>.</summary>
    public IReadOnlyList<string> Lists { get; } = lists;
}
