using System.Text.Json;
using ProfilesModule.Model;
using ProfilesModule.Wire;

namespace ProfilesModule.Server.Ingestion;

/// <summary>
/// Writes the value of an operation as the service keeps it: names and strings cut to their limit, of a name that occurs
/// twice the last value, no reserved names. Numbers keep the digits they came with.
/// </summary>
internal sealed class ValueNormalizer(JsonBuffer json)
{
    // Used again for the next object that is no longer being written: growing one for each takes longer than all the rest.
    private readonly Stack<Dictionary<string, JsonElement>> _spare = new();

    /// <summary>The value of an operation that is an object of properties.</summary>
    /// <param name="value">The object.</param>
    /// <param name="lastSeen">The <c>$last_seen</c> to write in place of any in the object; null keeps the object's own.</param>
    public byte[] Properties(JsonElement value, string? lastSeen) => json.Write(writer =>
        WriteObject(writer, value, name => !IsReserved(name) && (lastSeen is null || name != "$last_seen"), lastSeen));

    /// <summary>The value of an operation that is a list of property names.</summary>
    public byte[] Names(JsonElement value) => json.Write(writer => Write(writer, value));

    // The service consumes these when they come inside an operation, and keeps the distinct id beside the properties.
    private static bool IsReserved(string name) =>
        name is "$ip" or "$token" or "$time" or "$device_id" or "$user_id" or "$distinct_id"
        || name.StartsWith("$ignore_", StringComparison.Ordinal);

    private void WriteObject(Utf8JsonWriter writer, JsonElement value, Func<string, bool> isKept, string? lastSeen)
    {
        var members = _spare.TryPop(out var spare) ? spare : new(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
            members[Cut(member.Name)] = member.Value;

        writer.WriteStartObject();
        foreach (var (name, member) in members)
        {
            if (!isKept(name))
                continue;
            writer.WritePropertyName(name);
            Write(writer, member);
        }

        if (lastSeen is not null)
            writer.WriteString("$last_seen", lastSeen);
        writer.WriteEndObject();
        members.Clear();
        _spare.Push(members);
    }

    private void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, value, static _ => true, lastSeen: null);
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var element in value.EnumerateArray())
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

    // Source: user profiles. The service cuts silently.
    private static string Cut(string text)
    {
        const int maximum = Limits.MaximumNameLength;
        if (text.Length <= maximum)
            return text;
        return text[..(char.IsHighSurrogate(text[maximum - 1]) ? maximum - 1 : maximum)];
    }
}
