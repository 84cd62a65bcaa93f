using System.Text.Json;

namespace ProfilesModule.Server;

/// <summary>
/// Writes the value of an operation as the service keeps it: names and strings cut to their limit, of a name that occurs
/// twice the last value, no reserved names. Numbers keep the digits they came with.
/// </summary>
internal sealed class ValueNormalizer
{
    // Source: limits of the service, which cuts silently. Counted in UTF-16 units.
    private const int MaximumLength = 255;

    private readonly JsonBuffer _json;

    // Used again for the next object that is no longer being written: growing one for each takes longer than all the rest.
    private readonly Stack<Dictionary<string, JsonElement>> _spare = new();

    public ValueNormalizer(JsonBuffer json) => _json = json;

    /// <summary>The value of an operation that is an object of properties.</summary>
    /// <param name="value">The object.</param>
    /// <param name="lastSeen">The <c>$last_seen</c> to write in place of any in the object; null keeps the object's own.</param>
    public byte[] Properties(JsonElement value, string? lastSeen)
    {
        Dictionary<string, JsonElement> properties = LastOfEachName(value);
        Utf8JsonWriter writer = _json.Begin();
        writer.WriteStartObject();
        foreach ((string name, JsonElement property) in properties)
        {
            if (IsReserved(name) || (lastSeen is not null && name == "$last_seen"))
                continue;
            writer.WritePropertyName(name);
            Write(writer, property);
        }
        if (lastSeen is not null)
            writer.WriteString("$last_seen", lastSeen);
        writer.WriteEndObject();
        Return(properties);
        return _json.End();
    }

    /// <summary>The value of an operation that is a list of property names.</summary>
    /// <param name="value">A list of strings.</param>
    public byte[] Names(JsonElement value)
    {
        Utf8JsonWriter writer = _json.Begin();
        Write(writer, value);
        return _json.End();
    }

    // The service consumes these when they come inside an operation, and keeps the distinct id beside the properties.
    private static bool IsReserved(string name) =>
        name is "$ip" or "$token" or "$time" or "$device_id" or "$user_id" or "$distinct_id"
        || name.StartsWith("$ignore_", StringComparison.Ordinal);

    private Dictionary<string, JsonElement> LastOfEachName(JsonElement value)
    {
        if (!_spare.TryPop(out Dictionary<string, JsonElement>? properties))
            properties = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty property in value.EnumerateObject())
            properties[Cut(property.Name)] = property.Value;
        return properties;
    }

    private void Return(Dictionary<string, JsonElement> properties)
    {
        properties.Clear();
        _spare.Push(properties);
    }

    private void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                Dictionary<string, JsonElement> members = LastOfEachName(value);
                foreach ((string name, JsonElement member) in members)
                {
                    writer.WritePropertyName(name);
                    Write(writer, member);
                }
                writer.WriteEndObject();
                Return(members);
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement element in value.EnumerateArray())
                    Write(writer, element);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Cut(value.GetString()!));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static string Cut(string text)
    {
        if (text.Length <= MaximumLength)
            return text;
        int length = char.IsHighSurrogate(text[MaximumLength - 1]) ? MaximumLength - 1 : MaximumLength;
        return text[..length];
    }
}
