using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Database;

/// <summary>Writes the values of PostgreSQL from the texts in which the server writes them.</summary>
/// <remarks>Source: PostgreSQL 15, Date/Time Output (DateStyle ISO), Array Input and Output Syntax.</remarks>
internal static class PostgresText
{
    private const string ArrayMark = "[]";

    private static readonly string[] TimeFormats = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFF"];

    /// <summary>How the values of a type are written; null when it cannot be sent.</summary>
    /// <param name="type">The name of the type, without facets.</param>
    /// <param name="values">Writes times of no zone.</param>
    public static Action<Utf8JsonWriter, object>? WriterOf(string type, ValueWriter values)
    {
        if (type.EndsWith(ArrayMark, StringComparison.Ordinal))
        {
            return WriterOf(type[..^ArrayMark.Length], values) is { } element
                ? (json, value) => WriteArray(json, (string)value, element)
                : null;
        }

        return type switch
        {
            "smallint" or "integer" or "bigint" or "oid" => (json, value) => json.WriteRawValue((string)value, skipInputValidation: true),
            "numeric" or "real" or "double precision" => (json, value) => WriteNumber(json, (string)value),
            "boolean" => (json, value) => json.WriteBooleanValue((string)value is "t"),
            "json" or "jsonb" => (json, value) => DatabaseColumn.WriteJson(json, (string)value),
            "date" => (json, value) => WriteDate(json, (string)value),
            "timestamp without time zone" => (json, value) => values.Write(json, Time((string)value)),
            "timestamp with time zone" => (json, value) => WriteUtc(json, (string)value, values),

            // Binary data, and amounts in the currency and the form of the server's locale.
            "bytea" or "money" => null,
            _ => (json, value) => json.WriteStringValue((string)value),
        };
    }

    private static void WriteNumber(Utf8JsonWriter json, string text)
    {
        if (text is "NaN" or "Infinity" or "-Infinity")
            throw new NotSupportedException($"it is {text}, which JSON cannot represent");
        json.WriteRawValue(text, skipInputValidation: true);
    }

    private static void WriteDate(Utf8JsonWriter json, string text)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            throw NotADate(text);
        json.WriteStringValue(text);
    }

    // A session in UTC writes every time as 2026-01-31 12:00:00.5+00, which needs no arithmetic.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteUtc(Utf8JsonWriter json, string text, ValueWriter values)
    {
        const int Length = 19;
        if (text.Length <= Length || text[10] != ' ' || text[13] != ':' || text[16] != ':' || text[Length] is not ('+' or '.')
            || !text.EndsWith("+00", StringComparison.Ordinal))
        {
            values.Write(json, UtcOf(text));
            return;
        }

        Span<char> time = stackalloc char[Length];
        text.AsSpan(0, Length).CopyTo(time);
        time[10] = 'T';
        json.WriteStringValue(time);
    }

    private static DateTime Time(string text) =>
        DateTime.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw NotADate(text);

    /// <summary>The UTC form of a time such as 2026-01-31 12:00:00.5+05:30; the offsets of long ago have seconds too.</summary>
    private static DateTime UtcOf(string text)
    {
        var sign = text.LastIndexOfAny(['+', '-']);
        if (sign <= "yyyy-MM-dd".Length)
            throw NotADate(text);
        var parts = text[(sign + 1)..].Split(':');
        var offset = TimeSpan.Zero;
        for (var (i, unit) = (0, TimeSpan.FromHours(1)); i < parts.Length; i++, unit /= 60)
            offset += int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number * unit
                : throw NotADate(text);
        var ticks = Time(text[..sign]).Ticks - (text[sign] == '-' ? -offset : offset).Ticks;
        return ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks
            ? new(ticks, DateTimeKind.Utc)
            : throw NotADate(text);
    }

    private static NotSupportedException NotADate(string text) =>
        new($"it is '{text}', which is not a date of the years 1 to 9999; select nullif or another value in the query");

    /// <summary>Writes an array such as {a,"b c",NULL}, or one of arrays.</summary>
    private static void WriteArray(Utf8JsonWriter json, string text, Action<Utf8JsonWriter, object> write)
    {
        // Bounds that do not begin with 1 are written before the array: [0:1]={1,2}.
        var position = text is ['[', ..] ? text.IndexOf('=', StringComparison.Ordinal) + 1 : 0;
        var element = new StringBuilder();
        var isElement = false;
        for (; position < text.Length; position++)
        {
            switch (text[position])
            {
                case '{':
                    json.WriteStartArray();
                    break;
                case '}' or ',':
                    if (isElement)
                        WriteElement();
                    isElement = false;
                    if (text[position] == '}')
                        json.WriteEndArray();
                    break;
                case '"':
                    for (position++; text[position] != '"'; position++)
                        element.Append(text[position] == '\\' ? text[++position] : text[position]);
                    write(json, element.ToString());
                    element.Clear();
                    break;
                default:
                    element.Append(text[position]);
                    isElement = true;
                    break;
            }
        }

        void WriteElement()
        {
            if (element.Equals("NULL"))
                json.WriteNullValue();
            else
                write(json, element.ToString());
            element.Clear();
        }
    }
}
