using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Net.Mail;
using System.Net;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Principal;
using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text;
using System.Xml;

namespace ProfilesModule.Wire;

/// <summary>Writes .NET values as the JSON that the service stores: numbers exactly, dates in UTC to the second, lists and objects nested.</summary>
internal sealed class ValueWriter(Func<object, object?> unwrap)
{
    /// <summary>Deeper values than this are taken for a cycle; the service stores three levels. Source: property data types.</summary>
    public int MaximumDepth { get; init; } = 32;

    /// <summary>The zone of times of unspecified kind. Default UTC, as the service takes them.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Whether what the caller's world wraps a value in holds an empty one. Default: it never does.</summary>
    public Func<object, bool> WrapsEmpty { get; init; } = _ => false;

    /// <summary>Whether a value is what an empty cell comes as: null, <see cref="DBNull"/> or the empty text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsEmpty(object? value) => value is string text ? text.Length == 0 : IsEmptyOther(value);

    /// <summary>Writes a value.</summary>
    /// <exception cref="NotSupportedException">The value is of a kind that JSON or the service has no form for.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(Utf8JsonWriter json, object? value) => Write(json, value, 0);

    /// <summary>A value as compact JSON.</summary>
    /// <exception cref="NotSupportedException">The value is of a kind that JSON or the service has no form for.</exception>
    public string Text(object? value)
    {
        var text = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text, EngageJson.Options);
        Write(json, value);
        json.Flush();
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>Writes a number. Text that is a number in the invariant culture is one.</summary>
    /// <exception cref="NotSupportedException">The value is not a number.</exception>
    public void WriteNumber(Utf8JsonWriter json, object? value)
    {
        switch (value is null ? null : unwrap(value))
        {
            case string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                json.WriteNumberValue(number);
                break;
            case byte or sbyte or short or ushort or int or uint or long or ulong or BigInteger or decimal or double or float:
                Write(json, value);
                break;
            case var other:
                throw new NotSupportedException(other is null ? "it is null, but a number is needed" : $"it is of type {other.GetType().Name}, not a number");
        }
    }

    /// <summary>Writes a list; a single value is a list of one.</summary>
    /// <exception cref="NotSupportedException">The value, or one in it, is of a kind that JSON or the service has no form for.</exception>
    public void WriteList(Utf8JsonWriter json, object? value)
    {
        if (value is not null && unwrap(value) is IEnumerable list and not (string or IDictionary or byte[]))
        {
            WriteList(json, list, 0);
            return;
        }

        json.WriteStartArray();
        Write(json, value, 1);
        json.WriteEndArray();
    }

    /// <summary>A value as the text of a distinct id; null when there is none.</summary>
    /// <exception cref="NotSupportedException">The value is a list or an object, which identifies nothing, or a floating-point number that may have been another before.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public string? DistinctId(object? value) => (value is null ? null : unwrap(value)) switch
    {
        null or DBNull => null,
        string text => text,
        Enum name => name.ToString(),
        DateTime or DateTimeOffset or DateOnly => throw new NotSupportedException("it is a date"),

        // From these limits on a floating-point number stands for its neighbours too. .NET writes smaller integers in full.
        double number when !double.IsInteger(number) || Math.Abs(number) >= 1L << 53 => throw NotExact(number),
        float number when !float.IsInteger(number) || Math.Abs(number) >= 1 << 24 => throw NotExact(number),
        Half number => throw NotExact(number),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        object identity when identity is IdentityReference => identity.ToString(),
        var other => throw new NotSupportedException($"it is of type {other.GetType().Name}"),
    };

    private static NotSupportedException NotExact(IFormattable number) =>
        new($"it is the floating-point number {number.ToString(null, CultureInfo.InvariantCulture)}, whose digits may differ from those of the identifier; pass it as text from its source");

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(Utf8JsonWriter json, object? value, int depth)
    {
        if (depth > MaximumDepth)
            throw new NotSupportedException($"it is nested deeper than {MaximumDepth} levels, or contains itself");
        switch (value)
        {
            case null or DBNull:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(Unicode(text));
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case DateTime date:
                WriteTime(json, Utc(date));
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            default:
                WriteOther(json, unwrap(value), depth);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsEmptyOther(object? value) => value switch
    {
        int or bool or double or DateTime or long or decimal => false,
        null or DBNull => true,
        _ => WrapsEmpty(value),
    };

    /// <summary>Writes a value of a kind that is seldom, or one that something was taken off.</summary>
    private void WriteOther(Utf8JsonWriter json, object? plain, int depth)
    {
        switch (plain)
        {
            case null or DBNull or string or bool or int or long or decimal or DateTime:
                Write(json, plain, depth);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case Enum name:
                json.WriteStringValue(name.ToString());
                break;
            case float number when float.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case Half number when Half.IsFinite(number):
                json.WriteRawValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double or float or Half:
                throw new NotSupportedException($"it is {Convert.ToString(plain, CultureInfo.InvariantCulture)}, which JSON has no number for");
            case byte or sbyte or short or ushort or uint:
                json.WriteNumberValue(Convert.ToInt64(plain, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case BigInteger number:
                json.WriteRawValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset date:
                WriteTime(json, date.UtcDateTime);
                break;
            case DateOnly date:
                json.WriteStringValue(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case Int128 or UInt128:
                json.WriteRawValue(Convert.ToString(plain, CultureInfo.InvariantCulture)!);
                break;
            case TimeOnly time:
                // As text it would lose its seconds.
                json.WriteStringValue(time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture));
                break;
            case Guid or Uri or char or TimeSpan or Version or StringBuilder or IPAddress or MailAddress or IdentityReference:
                json.WriteStringValue(Unicode(Convert.ToString(plain, CultureInfo.InvariantCulture)));
                break;
            case JsonElement element:
                element.WriteTo(json);
                break;
            case JsonNode node:
                node.WriteTo(json);
                break;
            case XmlNode:
                throw new NotSupportedException("it is XML, which a profile cannot hold; take the values out of it first");
            case byte[]:
                throw new NotSupportedException("it is binary data, which a profile cannot hold; encode it as text first, or leave it out");
            case IDictionary dictionary:
                WriteObject(json, dictionary, depth);
                break;
            case IEnumerable list:
                WriteList(json, list, depth);
                break;
            case var other:
                throw new NotSupportedException($"it is of type {other.GetType().Name}, which a profile cannot hold; convert it to text, a number, a date, a list or a dictionary first");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteTime(Utf8JsonWriter json, DateTime time)
    {
        Span<byte> text = stackalloc byte["yyyy-MM-ddTHH:mm:ss".Length];
        time.TryFormat(text, out _, "s", CultureInfo.InvariantCulture);
        json.WriteStringValue(text);
    }

    // The JSON writer silently replaces what is not Unicode.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static string Unicode(string? text)
    {
        for (var rest = text.AsSpan(); rest.IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and var at; rest = rest[(at + 2)..])
        {
            if (at + 1 >= rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
                throw new NotSupportedException("it is not Unicode text: it has half of a surrogate pair");
        }

        return text ?? "";
    }

    // An hour that the clocks skip when summer begins is refused; one that comes twice is taken as winter time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private DateTime Utc(DateTime date) => date.Kind switch
    {
        DateTimeKind.Utc => date,
        DateTimeKind.Local => date.ToUniversalTime(),
        _ when ReferenceEquals(TimeZone, TimeZoneInfo.Utc) => date,
        _ when TimeZone.IsInvalidTime(date) => throw new NotSupportedException($"it is {date.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)}, a time that the clocks of {TimeZone.Id} skip"),
        _ => TimeZoneInfo.ConvertTimeToUtc(date, TimeZone),
    };

    private void WriteObject(Utf8JsonWriter json, IDictionary dictionary, int depth)
    {
        json.WriteStartObject();
        foreach (DictionaryEntry entry in dictionary)
        {
            json.WritePropertyName(Unicode(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)));
            Write(json, entry.Value, depth + 1);
        }

        json.WriteEndObject();
    }

    private void WriteList(Utf8JsonWriter json, IEnumerable list, int depth)
    {
        json.WriteStartArray();
        foreach (var element in list)
            Write(json, element, depth + 1);
        json.WriteEndArray();
    }
}
