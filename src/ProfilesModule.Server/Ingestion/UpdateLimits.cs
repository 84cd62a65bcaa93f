using System.Text;
using System.Text.Json;
using ProfilesModule.Model;

namespace ProfilesModule.Server.Ingestion;

/// <summary>
/// What the documentation says is too much for an update. It does not say what the service then does; here the record is refused.
/// It does say that names and strings that are too long are cut.
/// </summary>
/// <param name="payloadLength">How long the whole payload is, in bytes: nothing in it is longer.</param>
internal sealed class UpdateLimits(int payloadLength)
{
    /// <summary>What is wrong with a record as a whole; null when nothing is.</summary>
    public string? Check(JsonElement record) =>
        IsLonger(record, Limits.MaximumBatchBytes) ? $"data, larger than {Limits.MaximumBatchBytes} bytes" : null;

    /// <summary>What is wrong with the properties of an operation; null when nothing is, or when its value is not an object.</summary>
    public string? CheckProperties(JsonElement properties)
    {
        if (properties.ValueKind != JsonValueKind.Object)
            return null;
        var count = 0;
        foreach (var property in properties.EnumerateObject())
        {
            if (++count > Limits.MaximumProperties)
                return $"has more than {Limits.MaximumProperties} properties";
            if (property.NameEquals("bucket"u8) || property.NameEquals("$bucket"u8))
                return $"{property.Name} is a name that no property may have";
            if (Problem(property.Value) is { } problem)
                return $"{property.Name} {problem}";
        }

        return null;
    }

    private string? Problem(JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            return null;
        if (IsLonger(value, Limits.MaximumValueBytes))
            return $"is larger than {Limits.MaximumValueBytes} bytes";
        if (HasManyKeys(value))
            return $"has an object of more than {Limits.MaximumKeys} keys";

        // Source: property data types. Of lists in lists they say nothing.
        if (value.ValueKind == JsonValueKind.Array)
            return IsDeep(value, 1) ? "is a list of objects that hold objects" : null;
        return IsDeep(value, Limits.MaximumDepth) ? $"is nested deeper than {Limits.MaximumDepth} objects" : null;
    }

    private static bool IsDeep(JsonElement value, int levels) => value.ValueKind switch
    {
        JsonValueKind.Object => levels == 0 || value.EnumerateObject().Any(member => IsDeep(member.Value, levels - 1)),
        JsonValueKind.Array => value.EnumerateArray().Any(element => IsDeep(element, levels)),
        _ => false,
    };

    private static bool HasManyKeys(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object =>
            value.EnumerateObject().Count() > Limits.MaximumKeys || value.EnumerateObject().Any(member => HasManyKeys(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(HasManyKeys),
        _ => false,
    };

    private bool IsLonger(JsonElement value, int bytes) => payloadLength > bytes && Encoding.UTF8.GetByteCount(value.GetRawText()) > bytes;
}
