using System.Collections.Specialized;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace ProfilesModule.Wire;

/// <summary>
/// Reads JSON as .NET values: integers as <see cref="long"/> or <see cref="BigInteger"/>, other numbers as
/// <see cref="decimal"/> where it holds every digit and as <see cref="double"/> else, lists as arrays, objects as ordered
/// dictionaries that tell names apart by letter case.
/// </summary>
internal static class JsonValues
{
    // A decimal holds 28 significant digits whatever they are.
    private const int DecimalDigits = 28;

    /// <summary>Reads the value that the reader stands on.</summary>
    public static object? Read(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                return json.GetString();
            case JsonTokenType.Number:
                return Number(ref json);
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            case JsonTokenType.StartObject:
                return Object(ref json);
            case JsonTokenType.StartArray:
                var list = new List<object?>();
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                    list.Add(Read(ref json));
                return list.ToArray();
            default:
                return null;
        }
    }

    /// <summary>Reads the object that the reader stands on. Of a name that occurs twice the last value counts.</summary>
    public static OrderedDictionary Object(ref Utf8JsonReader json)
    {
        var members = new OrderedDictionary(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString()!;
            json.Read();
            members[name] = Read(ref json);
        }

        return members;
    }

    private static object Number(ref Utf8JsonReader json)
    {
        if (json.TryGetInt64(out var integer))
            return integer;
        var text = json.HasValueSequence ? Encoding.UTF8.GetString(json.ValueSequence) : Encoding.UTF8.GetString(json.ValueSpan);
        if (!text.AsSpan().ContainsAny('e', 'E'))
        {
            if (!text.Contains('.'))
                return BigInteger.Parse(text, CultureInfo.InvariantCulture);
            if (text.Count(char.IsAsciiDigit) <= DecimalDigits)
                return decimal.Parse(text, CultureInfo.InvariantCulture);
        }

        var number = double.Parse(text, CultureInfo.InvariantCulture);
        return double.IsFinite(number) ? number : text;
    }
}
