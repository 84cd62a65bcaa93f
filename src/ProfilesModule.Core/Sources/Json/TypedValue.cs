using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Json;

/// <summary>
/// Values that say in JSON of what type they are: MongoDB's extended JSON, such as {"$oid":"…"}, and dates as .NET wrote them, /Date(0)/.
/// They are replaced by the value itself. Source: MongoDB Extended JSON v2 and v1; JavaScriptSerializer.
/// </summary>
internal sealed class TypedValue
{
    private readonly DateCell _date = new(new());
    private readonly JsonBuffer _written = new();

    /// <summary>Whether a value may be one, or have one in it. Most values are not looked at further.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool MayBeIn(ReadOnlySpan<byte> value) => value[0] switch
    {
        (byte)'"' => value.Length > 8 && value[1] is (byte)'/' or (byte)'\\' && value.IndexOf("/Date("u8) is 1 or 2,
        (byte)'{' or (byte)'[' => value.IndexOf("\"$"u8) >= 0 || value.IndexOf("/Date("u8) >= 0,
        _ => false,
    };

    /// <summary>Writes a value with what replaces the values in it; false, with nothing written, when there are none.</summary>
    public bool TryWrite(ReadOnlySpan<byte> value, GrowingBuffer to)
    {
        var copied = 0;
        var json = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (json.Read())
        {
            var start = (int)json.TokenStartIndex;
            var rest = json;

            var isTyped = json.TokenType switch
            {
                JsonTokenType.StartObject => TryWriteObject(ref rest, value),
                JsonTokenType.String => TryWriteDotNetDate(ref rest),
                _ => false,
            };
            if (!isTyped)
                continue;
            to.Write(value[copied..start]);
            to.Write(_written.Written);
            json = rest;
            copied = (int)json.BytesConsumed;
        }

        if (copied == 0)
            return false;
        to.Write(value[copied..]);
        return true;
    }

    private bool TryWriteObject(ref Utf8JsonReader json, ReadOnlySpan<byte> value)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.PropertyName || !ExtendedJson.IsConverted(json.ValueSpan))
            return false;
        var name = json.ValueSpan;
        json.Read();
        var isWritten = name[1] switch
        {
            (byte)'d' => TryWriteDate(ref json),
            (byte)'n' => TryWriteNumber(ref json),
            _ => json.TokenType == JsonTokenType.String && Copy(value[(int)json.TokenStartIndex..(int)json.BytesConsumed]),
        };
        return isWritten && json.Read() && json.TokenType == JsonTokenType.EndObject;
    }

    /// <summary>An ISO 8601 date, or the milliseconds since 1970, which may be a {"$numberLong":"…"}.</summary>
    private bool TryWriteDate(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
            return _date.TryWrite(_written.Begin(), json.ValueSpan);

        var isWrapped = json.TokenType == JsonTokenType.StartObject;
        if (isWrapped && !(json.Read() && json.ValueTextEquals("$numberLong"u8) && json.Read()))
            return false;
        return json.TokenType is JsonTokenType.Number or JsonTokenType.String
            && TryWriteMilliseconds(json.ValueSpan)
            && (!isWrapped || (json.Read() && json.TokenType == JsonTokenType.EndObject));
    }

    private bool TryWriteNumber(ref Utf8JsonReader json)
    {
        // What no double can hold, the service cannot either.
        var digits = json.ValueSpan;
        return json.TokenType is JsonTokenType.Number or JsonTokenType.String
            && Utf8Parser.TryParse(digits, out double number, out var length) && length == digits.Length && double.IsFinite(number)
            && IsJsonNumber(digits) && Copy(digits);
    }

    private bool TryWriteDotNetDate(ref Utf8JsonReader json)
    {
        // The slashes may be escaped, and an offset says only where the date was written.
        var text = json.ValueSpan;
        if (text.IndexOf("/Date("u8) is not (0 or 1) || text[^1] != '/')
            return false;
        text = text[text[0] switch { (byte)'/' => 6.., _ => 7.. }];
        text = text[..^1].TrimEnd((byte)'\\');
        if (text is not [.., (byte)')'])
            return false;
        text = text[..^1];
        var offset = text.Length > 5 && text[^5] is (byte)'+' or (byte)'-' ? text[^5..] : default;
        return (offset.IsEmpty || !offset[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            && TryWriteMilliseconds(text[..^offset.Length]);
    }

    private bool TryWriteMilliseconds(ReadOnlySpan<byte> digits)
    {
        if (!Utf8Parser.TryParse(digits, out long milliseconds, out var length) || length != digits.Length)
            return false;
        if (UnixTime.Of(milliseconds, TimeSpan.TicksPerMillisecond) is not { } date)
            return false;
        DateCell.Write(_written.Begin(), date, hasTime: true);
        return true;
    }

    private static bool IsJsonNumber(ReadOnlySpan<byte> text)
    {
        try
        {
            var json = new Utf8JsonReader(text);
            return json.Read() && json.TokenType == JsonTokenType.Number && json.BytesConsumed == text.Length;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool Copy(ReadOnlySpan<byte> value)
    {
        _written.Begin().WriteRawValue(value, skipInputValidation: true);
        return true;
    }
}
