using System.Globalization;
using System.Text.Json;

namespace ProfilesModule.Page;

/// <summary>The values of properties as the page shows them.</summary>
internal static class PropertyValue
{
    private static readonly string[] DateFormats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>
    /// What a value is: text, date, number, boolean, list, object or null. A date is a text in the form of the service's dates.
    /// </summary>
    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => IsDate(Text(value)) ? "date" : "text",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Array => "list",
        JsonValueKind.Object => "object",
        _ => "null",
    };

    /// <summary>The beginning of a value: of a text as it is, else of its JSON.</summary>
    public static string Preview(JsonElement value, int length)
    {
        var text = value.ValueKind == JsonValueKind.String ? Text(value) : value.GetRawText();
        return text.Length <= length ? text : $"{text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)]}…";
    }

    private static bool IsDate(string text) => text.Length is >= 10 and <= 40
        && DateTime.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    // Half a surrogate pair is not text, and must not hide the profile.
    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText();
        }
    }
}
