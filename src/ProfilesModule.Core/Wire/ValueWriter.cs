using System.Collections;
using System.Globalization;
using System.Net.Mail;
using System.Net;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Principal;
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

    /// <summary>Whether a value of another type than <see cref="IsEmpty"/> knows is empty. Default: only JSON can be.</summary>
    public Func<object, bool> IsEmptyOther { get; init; } = IsEmptyJson;

    /// <summary>Whether a value is what an empty cell comes as: null, <see cref="DBNull"/> or the empty text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsEmpty(object? value) => value is string text ? text.Length == 0 : IsEmptyKind(value);

    /// <summary>Whether a value is null or the empty text of JSON. What cannot be read is not empty.</summary>
    public static bool IsEmptyJson(object value)
    {
        try
        {
            return ValueContents.Scalar(value) is null or "" or DBNull;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>Writes a value.</summary>
    /// <exception cref="NotSupportedException">The value is of a kind that JSON or the service has no form for.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(Utf8JsonWriter json, object? value) => Write(json, value, 0);

    /// <summary>A value as compact JSON.</summary>
    /// <exception cref="NotSupportedException">The value is of a kind that JSON or the service has no form for.</exception>
    public string Text(object? value)
    {
        var text = new JsonBuffer();
        Write(text.Begin(), value);
        return Encoding.UTF8.GetString(text.Written);
    }

    /// <summary>Writes a number. Text that is a number in the invariant culture is one.</summary>
    /// <exception cref="NotSupportedException">The value is not a number.</exception>
    public void WriteNumber(Utf8JsonWriter json, object? value)
    {
        switch (Plain(value))
        {
            case string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                json.WriteNumberValue(number);
                break;
            case byte or sbyte or short or ushort or int or uint or long or ulong or BigInteger or decimal or double or float:
                Write(json, value);
                break;
            case var other:
                throw new NotSupportedException(
                    other is null ? "it is null, but a number is needed" : $"it is of type {other.GetType().Name}, not a number");
        }
    }

    // A scalar that something wraps, such as a PSObject or a node of JSON.
    private object? Plain(object? value) => value is null ? null : ValueContents.Scalar(unwrap(value));

    /// <summary>A value as the text of a distinct id; null when there is none.</summary>
    /// <exception cref="NotSupportedException">The value is a list or an object, which identifies nothing, or a floating-point number that may have been another before.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public string? DistinctId(object? value) => (value is string ? value : Plain(value)) switch
    {
        null or DBNull => null,
        string text => text,
        StringBuilder text => text.ToString(),
        Uri address => address.IsAbsoluteUri ? address.AbsoluteUri : address.OriginalString,
        Enum name => name.ToString(),
        DateTime or DateTimeOffset or DateOnly => throw new NotSupportedException("it is a date"),

        // From these limits on a floating-point number stands for its neighbours too. .NET writes smaller integers in full.
        double number when !double.IsInteger(number) || Math.Abs(number) >= 1L << 53 => throw NotExact(number),
        float number when !float.IsInteger(number) || Math.Abs(number) >= 1 << 24 => throw NotExact(number),
        Half number => throw NotExact(number),

        // 5, 5.0 and 5.00 are one number, and so one profile.
        decimal number when !decimal.IsInteger(number) => throw new NotSupportedException(
            $"it is the number {number.ToString(CultureInfo.InvariantCulture)}, which is not a whole number; pass it as text"),
        decimal number => decimal.Truncate(number).ToString(CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        object identity when identity is IdentityReference => identity.ToString(),
        var other => throw new NotSupportedException($"it is of type {other.GetType().Name}"),
    };

    private static NotSupportedException NotExact(IFormattable number) =>
        new($"it is the floating-point number {number.ToString(null, CultureInfo.InvariantCulture)}, whose digits may differ from those "
            + "of the identifier; pass it as text from its source");

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
    private bool IsEmptyKind(object? value) => value switch
    {
        int or bool or double or DateTime or long or decimal => false,
        null or DBNull => true,
        _ => IsEmptyOther(value),
    };

    /// <summary>Writes a value of a kind that is seldom, or one that something was taken off.</summary>
    private void WriteOther(Utf8JsonWriter json, object? unwrapped, int depth)
    {
        var plain = unwrapped is null ? null : ValueContents.Unwrapped(unwrapped);
        switch (plain)
        {
            case (null or DBNull or string or bool or int or long or decimal or DateTime) and var scalar:
                Write(json, scalar, depth);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case float number when float.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case Half number when Half.IsFinite(number):
                json.WriteRawValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case double or float or Half:
                throw new NotSupportedException($"it is {Convert.ToString(plain, CultureInfo.InvariantCulture)}, which JSON cannot "
                    + "represent");
            case byte or sbyte or short or ushort or uint:
                json.WriteNumberValue(Convert.ToInt64(plain, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case DateTimeOffset date:
                WriteTime(json, date.UtcDateTime);
                break;
            case DateOnly date:
                json.WriteStringValue(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case BigInteger or Int128 or UInt128:
                json.WriteRawValue(Convert.ToString(plain, CultureInfo.InvariantCulture)!);
                break;
            case TimeOnly time:
                // As text it would lose its seconds.
                json.WriteStringValue(time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture));
                break;
            case Enum or Guid or char or TimeSpan or Version or StringBuilder or IPAddress or MailAddress or IdentityReference:
                json.WriteStringValue(Unicode(Convert.ToString(plain, CultureInfo.InvariantCulture)));
                break;
            case Uri address:
                // ToString is for people: it has no escapes.
                json.WriteStringValue(Unicode(address.IsAbsoluteUri ? address.AbsoluteUri : address.OriginalString));
                break;
            case JsonElement { ValueKind: JsonValueKind.String } element:
                json.WriteStringValue(Unicode(element.GetString()));
                break;
            case JsonElement { ValueKind: not (JsonValueKind.Object or JsonValueKind.Array) } element:
                json.WriteRawValue(element.GetRawText());
                break;
            case XmlNode:
                throw new NotSupportedException("it is XML, which a profile cannot hold; extract its values first");
            case byte[]:
                throw new NotSupportedException("it is binary data, which a profile cannot hold; encode it as text first, or leave it out");
            case { } compound when ValueContents.Members(compound) is { } members:
                WriteObject(json, members, depth);
                break;
            case { } compound when ValueContents.Elements(compound) is { } list:
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
    private static string Unicode(string? text) =>
        EngageJson.IsText(text) ? text ?? "" : throw new NotSupportedException("it is not Unicode text: it has half of a surrogate pair");

    // An hour that the clocks skip when summer begins is refused; one that comes twice is taken as winter time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private DateTime Utc(DateTime date)
    {
        if (date.Kind == DateTimeKind.Utc || (date.Kind == DateTimeKind.Unspecified && ReferenceEquals(TimeZone, TimeZoneInfo.Utc)))
            return date;
        var zone = date.Kind == DateTimeKind.Local ? TimeZoneInfo.Local : TimeZone;
        if (date.Kind == DateTimeKind.Unspecified && zone.IsInvalidTime(date))
            throw new NotSupportedException($"it is {Shown(date)}, a time that the clocks of {zone.Id} skip");
        return UtcTime.TryConvert(date, zone, out var utc)
            ? utc
            : throw new NotSupportedException($"it is {Shown(date)} in {zone.Id}, and UTC has no such time in the years 1 to 9999");
    }

    private static string Shown(DateTime date) => date.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);

    private void WriteObject(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> members, int depth)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        json.WriteStartObject();
        foreach (var (name, value) in members)
        {
            if (!names.Add(name))
                throw new DuplicateMemberException(name);
            json.WritePropertyName(Unicode(name));
            Write(json, value, depth + 1);
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

/// <summary>Two members of an object have one name, such as the keys 1 and '1' of a hashtable.</summary>
/// <param name="name">The name.</param>
internal sealed class DuplicateMemberException(string name) : NotSupportedException($"two of its members are named '{name}'");
