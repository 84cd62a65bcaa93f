using System.Collections.Specialized;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text;
using ProfilesModule.Model;

namespace ProfilesModule.Wire;

/// <summary>
/// Reads JSON as .NET values: integers as <see cref="long"/> or <see cref="BigInteger"/>, other numbers as
/// <see cref="decimal"/> where it holds every digit and as <see cref="double"/> else, lists and objects as
/// <see cref="JsonContainers"/> makes them.
/// </summary>
internal static class JsonValues
{
    /// <summary>Reads the value that the reader stands on.</summary>
    public static object? Read(ref Utf8JsonReader json, MemberNames? names = null, JsonContainers? containers = null)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                return Text(ref json);
            case JsonTokenType.Number:
                return Number(ref json);
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            case JsonTokenType.StartObject:
                return Object(ref json, names, containers);
            case JsonTokenType.StartArray:
                var list = new List<object?>();
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                    list.Add(Read(ref json, names, containers));
                return (containers ?? JsonContainers.Plain).NewList(list);
            default:
                return null;
        }
    }

    /// <summary>Reads the object that the reader stands on. Of a name that occurs twice the last value counts.</summary>
    public static OrderedDictionary Object(ref Utf8JsonReader json, MemberNames? names = null, JsonContainers? containers = null, int capacity = 0)
    {
        var members = (containers ?? JsonContainers.Plain).NewObject(capacity);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = names is null ? Text(ref json) : names.Read(ref json);
            json.Read();
            members[name] = Read(ref json, names, containers);
        }

        return members;
    }

    /// <summary>
    /// Reads the text that the reader stands on. What is not Unicode in it becomes U+FFFD: services keep half a surrogate pair
    /// where a client sent one or a long text was cut, and one such value must not hide all profiles.
    /// </summary>
    public static string Text(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescaped(json.HasValueSequence ? Encoding.UTF8.GetString(json.ValueSequence) : Encoding.UTF8.GetString(json.ValueSpan));
        }
    }

    private static string Unescaped(string json)
    {
        var text = new StringBuilder(json.Length);
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] != '\\')
                text.Append(json[i]);
            else if (json[++i] == 'u')
            {
                text.Append((char)int.Parse(json.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
                text.Append(json[i] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other });
        }

        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static object Number(ref Utf8JsonReader json)
    {
        if (json.TryGetInt64(out var integer))
            return integer;
        var text = json.HasValueSequence ? Encoding.UTF8.GetString(json.ValueSequence) : Encoding.UTF8.GetString(json.ValueSpan);
        if (!text.AsSpan().ContainsAny('e', 'E'))
        {
            if (!text.Contains('.', StringComparison.Ordinal))
                return BigInteger.Parse(text, CultureInfo.InvariantCulture);

            // A decimal keeps 28 digits or 29, depending on which, and silently rounds the rest away.
            if (decimal.TryParse(text, CultureInfo.InvariantCulture, out var exact) && exact.ToString(CultureInfo.InvariantCulture) == text)
                return exact;
        }

        var number = double.Parse(text, CultureInfo.InvariantCulture);
        return double.IsFinite(number) ? number : text;
    }
}

/// <summary>Makes what JSON lists and objects are read as: arrays, and ordered dictionaries that tell names apart by letter case.</summary>
internal class JsonContainers
{
    /// <summary>These.</summary>
    public static JsonContainers Plain { get; } = new();

    /// <summary>Makes a list.</summary>
    public virtual object NewList(List<object?> elements) => elements.ToArray();

    /// <summary>Makes an object, to which members will be added.</summary>
    public virtual OrderedDictionary NewObject(int capacity) => new(capacity, StringComparer.Ordinal);
}

/// <summary>The names of JSON members that recur in one object after the other: each is one string, however often it is read.</summary>
internal sealed class MemberNames
{
    // More than most projects have properties. Two names in one place take turns there.
    private const uint Places = 512;

    private readonly string?[] _names = new string?[Places];

    /// <summary>Reads the name that the reader stands on.</summary>
    public string Read(ref Utf8JsonReader json)
    {
        if (json.HasValueSequence || json.ValueIsEscaped)
            return JsonValues.Text(ref json);
        ref var name = ref _names[ProfileHash.Of(json.ValueSpan) % Places];
        if (name is null || !json.ValueTextEquals(name))
            name = JsonValues.Text(ref json);
        return name;
    }
}
