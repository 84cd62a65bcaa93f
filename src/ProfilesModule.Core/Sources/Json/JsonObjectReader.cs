using System.Text.Json;

namespace ProfilesModule.Sources.Json;

/// <summary>Reads the members of an object, and makes sure that all of it is JSON and Unicode text.</summary>
internal sealed class JsonObjectReader(JsonNames names)
{
    /// <summary>The member whose value was read last.</summary>
    public string? Current { get; private set; }

    /// <summary>Adds the members of an object to a list.</summary>
    /// <param name="json">The object, and nothing else.</param>
    /// <param name="offset">Where it starts in the JSON that positions are to be in.</param>
    /// <param name="members">The list.</param>
    /// <returns>What the JSON begins with; members are only added when that is an object.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A text in it is half of a surrogate pair.</exception>
    public JsonTokenType Read(ReadOnlySpan<byte> json, int offset, List<JsonMember> members)
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
            var name = names.Of(ref reader);
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
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && reader.ValueSpan.IndexOf("\\u"u8) >= 0)
            _ = reader.GetString();
    }
}
