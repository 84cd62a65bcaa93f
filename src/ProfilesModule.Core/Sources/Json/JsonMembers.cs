using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Json;

/// <summary>The members of one object and their values. Reused from object to object.</summary>
internal sealed class JsonMembers
{
    private readonly GrowingBuffer _made = new(256);
    private readonly TypedValue _typed = new();
    private readonly Utf8JsonWriter _writer;
    private readonly JsonNames _names;
    private JsonColumns? _columns;
    private JsonName[] _columnNames = [];
    private byte[] _json = [];
    private int _length;

    public JsonMembers(JsonNames names) => (_names, _writer) = (names, new(_made, EngageJson.Options));

    /// <summary>The member whose value was read last.</summary>
    public string? Current { get; private set; }

    /// <summary>The object as it stands in its file.</summary>
    public ReadOnlySpan<byte> Json => _json.AsSpan(0, _length);

    /// <summary>Its members.</summary>
    public List<JsonMember> All { get; } = [];

    /// <summary>Takes a value, of which the members are not read yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Take(ReadOnlySpan<byte> json)
    {
        if (_json.Length < json.Length)
            _json = new byte[Math.Max(json.Length, 2 * _json.Length)];
        json.CopyTo(_json);
        _length = json.Length;
        _made.Truncate(0);
        All.Clear();
    }

    /// <summary>Reads the members.</summary>
    /// <returns>What the value begins with; only an object has members.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A text in it is half of a surrogate pair.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public JsonTokenType Read() => Read(Json, 0, All);

    /// <summary>Takes the members from where they are known to be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Read(JsonColumns columns)
    {
        if (_columns != columns)
            (_columns, _columnNames) = (columns, [.. columns.Names.Select(_names.Of)]);
        for (var i = 0; i < _columnNames.Length; i++)
        {
            var (start, length) = columns.Values[i];
            All.Add(new(_columnNames[i], KindOf(_json[start]), start, length));
        }
    }

    /// <summary>Replaces values that say of what type they are by the value itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Convert()
    {
        for (var i = 0; i < All.Count; i++)
        {
            var start = _made.Length;
            if (TypedValue.MayBeIn(Value(All[i])) && _typed.TryWrite(Value(All[i]), _made))
                All[i] = Made(All[i], start);
        }
    }

    /// <summary>Takes the texts of members as the user wants them, those inside lists and objects as they are.</summary>
    public void TakeTexts(List<JsonMember> members, InputTexts texts)
    {
        for (var i = 0; i < members.Count; i++)
        {
            var member = members[i];
            if (member.Kind != JsonTokenType.String || member.WasHashed)
                continue;
            var text = Plain(member);
            var taken = texts.Cell(text);
            if (taken.Length < text.Length)
                members[i] = Make(member, taken, isNull: taken.IsEmpty && texts.IsNull(text));
        }
    }

    /// <summary>Adds the members of a member that is an object to a list.</summary>
    public void ReadInner(JsonMember member, List<JsonMember> members)
    {
        var first = members.Count;
        Read(Value(member), member.Start, members);
        for (var i = first; member.IsMade && i < members.Count; i++)
            members[i] = members[i] with { IsMade = true };
    }

    /// <summary>Makes a value of members, which one of them then has in place of its own.</summary>
    public JsonMember Make(JsonMember member, List<JsonMember> members)
    {
        var start = _made.Length;
        _writer.Reset(_made);
        _writer.WriteStartObject();
        foreach (var inner in members)
        {
            _writer.WritePropertyName(inner.Name.Encoded);
            _writer.WriteRawValue(Value(inner), skipInputValidation: true);
        }

        _writer.WriteEndObject();
        return Made(member, start);
    }

    /// <summary>The value of a member, as JSON.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<byte> Value(JsonMember member) => member.IsMade ? _made.WrittenSpan.Slice(member.Start, member.Length) : _json.AsSpan(member.Start, member.Length);

    /// <summary>What a text says; any other value as it is written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<byte> Plain(JsonMember member)
    {
        var value = Value(member);
        if (member.Kind != JsonTokenType.String)
            return value;
        if (value.IndexOf((byte)'\\') < 0)
            return value[1..^1];
        var reader = new Utf8JsonReader(value);
        reader.Read();
        var text = new byte[value.Length];
        return text.AsSpan(0, reader.CopyString(text));
    }

    /// <summary>What the text of the member at an index says; empty when it is not text, or there is no such member.</summary>
    public ReadOnlySpan<byte> PlainText(int index) => index >= 0 && All[index].Kind == JsonTokenType.String ? Plain(All[index]) : default;

    /// <summary>The text of the member at an index; null when it is none, or there is no such member.</summary>
    public string? Text(int index) => index >= 0 && All[index].Kind == JsonTokenType.String ? Encoding.UTF8.GetString(Plain(All[index])) : null;

    /// <summary>The name of the first member that is a list of objects; null when there is none.</summary>
    public string? ListOfObjects => All.FirstOrDefault(IsListOfObjects).Name?.Text;

    /// <summary>Whether there is a member of a name.</summary>
    public bool Has(string name) => IndexOf(name) >= 0;

    /// <summary>The index of the member of a name, exactly or else without regard to case; -1 when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int IndexOf(string name)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i].Name.Text == name)
                return i;
        }

        for (var i = 0; i < All.Count; i++)
        {
            if (string.Equals(All[i].Name.Text, name, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return -1;
    }

    /// <summary>The index of the last member of a name; -1 when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int LastIndexOf(string name)
    {
        for (var i = All.Count - 1; i >= 0; i--)
        {
            if (All[i].Name.Text == name)
                return i;
        }

        return -1;
    }

    private bool IsListOfObjects(JsonMember member) =>
        member.Kind == JsonTokenType.StartArray && Value(member)[1..].TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    private JsonMember Make(JsonMember member, ReadOnlySpan<byte> text, bool isNull)
    {
        var start = _made.Length;
        _writer.Reset(_made);
        if (isNull)
            _writer.WriteNullValue();
        else
            _writer.WriteStringValue(text);
        return Made(member, start);
    }

    private JsonMember Made(JsonMember member, int start)
    {
        _writer.Flush();
        return member with
        {
            Kind = KindOf(_made.WrittenSpan[start]),
            Start = start,
            Length = _made.Length - start,
            IsMade = true,
        };
    }

    private static JsonTokenType KindOf(byte first) => first switch
    {
        (byte)'"' => JsonTokenType.String,
        (byte)'{' => JsonTokenType.StartObject,
        (byte)'[' => JsonTokenType.StartArray,
        (byte)'n' => JsonTokenType.Null,
        (byte)'t' => JsonTokenType.True,
        (byte)'f' => JsonTokenType.False,
        _ => JsonTokenType.Number,
    };

    /// <summary>Adds the members of an object to a list, and makes sure that all of it is JSON and Unicode text.</summary>
    /// <param name="json">The object, and nothing else.</param>
    /// <param name="offset">Where it starts in the JSON that positions are to be in.</param>
    /// <param name="members">The list.</param>
    /// <returns>What the JSON begins with; members are only added when that is an object.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A text in it is half of a surrogate pair.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private JsonTokenType Read(ReadOnlySpan<byte> json, int offset, List<JsonMember> members)
    {
        Current = null;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonFile.MaximumDepth });
        reader.Read();
        var first = reader.TokenType;
        if (first != JsonTokenType.StartObject)
        {
            while (reader.Read())
            {
                // The whole of it, to be sure that it is JSON.
            }

            return first;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Current = null;
            var name = _names.Of(ref reader);
            Current = name.Text;
            reader.Read();
            var (kind, start, depth) = (reader.TokenType, (int)reader.TokenStartIndex, reader.CurrentDepth);
            RequireText(ref reader);
            if (kind is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.CurrentDepth > depth)
                    RequireText(ref reader);
            }

            members.Add(new(name, kind, offset + start, (int)reader.BytesConsumed - start));
        }

        // What follows the object is none of it, and an error.
        reader.Read();
        return first;
    }

    // Only an escape can be half of a pair, in what is UTF-8.
    private static void RequireText(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped
            && reader.ValueSpan.IndexOf("\\u"u8) >= 0)
            _ = reader.GetString();
    }
}

/// <summary>A member of an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its value begins with.</param>
/// <param name="Start">Where the value starts in the JSON that it is in.</param>
/// <param name="Length">How long the value is.</param>
internal readonly record struct JsonMember(JsonName Name, JsonTokenType Kind, int Start, int Length)
{
    /// <summary>Whether the value is a hash that an earlier import made.</summary>
    public bool WasHashed { get; init; }

    /// <summary>Whether the value was written anew, and is not in the file.</summary>
    public bool IsMade { get; init; }
}
