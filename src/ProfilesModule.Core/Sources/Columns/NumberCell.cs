using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace ProfilesModule.Sources.Columns;

/// <summary>
/// Numbers, to the last digit, since a JSON number may have any number of them. .NET would take "1.5" for fifteen where a
/// point sets thousands apart, so groups of digits have to be whole ones.
/// </summary>
internal sealed class NumberCell(CultureInfo culture) : Cell
{
    /// <summary>Longer numbers are not quantities.</summary>
    private const int MaximumLength = 512;

    private readonly byte[] _point = Encoding.UTF8.GetBytes(culture.NumberFormat.NumberDecimalSeparator);

    // Without a culture it is unknown what a comma means, so it is not part of a number.
    private readonly byte[][] _separators =
        culture.Equals(CultureInfo.InvariantCulture) ? [] : Alike(culture.NumberFormat.NumberGroupSeparator);

    private readonly int[] _groups = culture.NumberFormat.NumberGroupSizes is { Length: > 0 } sizes ? sizes : [3];

    public override string Needed => "a number";

    public override string? Formats => "-Culture";

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override bool TryWrite(Utf8JsonWriter json, ReadOnlySpan<byte> cell)
    {
        var text = cell.Trim(" \t"u8);
        if (text.IsEmpty || text.Length > MaximumLength)
            return false;
        Span<byte> number = stackalloc byte[text.Length + 2];
        var length = 0;
        if (text[0] is (byte)'-' or (byte)'+')
        {
            if (text[0] == (byte)'-')
                number[length++] = (byte)'-';
            text = text[1..];
        }

        var whole = length;
        if (!TryReadWhole(ref text, number, ref length))
            return false;
        var hasWhole = length > whole;
        DropLeadingZeros(number, whole, ref length);
        var hasFraction = false;
        if (text.StartsWith(_point))
        {
            text = text[_point.Length..];
            var fraction = Digits(text);
            hasFraction = fraction > 0;
            if (hasFraction)
                number[length++] = (byte)'.';
            Append(text[..fraction], number, ref length);
            text = text[fraction..];
        }

        if ((!hasWhole && !hasFraction) || !TryReadExponent(ref text, number, ref length) || !text.IsEmpty)
            return false;

        // What no double can hold, the service cannot either.
        if (!Utf8Parser.TryParse(number[..length], out double value, out _) || !double.IsFinite(value))
            return false;
        json.WriteRawValue(number[..length], skipInputValidation: true);
        return true;
    }

    /// <summary>The digits before the point, without group separators; false when a group is incomplete.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryReadWhole(ref ReadOnlySpan<byte> text, scoped Span<byte> number, ref int length)
    {
        Span<int> groups = stackalloc int[text.Length + 1];
        var count = 0;
        while (true)
        {
            var digits = Digits(text);
            Append(text[..digits], number, ref length);
            text = text[digits..];
            groups[count++] = digits;
            if (digits == 0 || Separator(text) is not { } separator)
                break;
            text = text[separator..];
        }

        if (count == 1)
            return true;
        for (var i = 0; i < count; i++)
        {
            var size = _groups[Math.Min(count - 1 - i, _groups.Length - 1)];
            if (groups[i] == 0 || (size > 0 && (groups[i] > size || (i > 0 && groups[i] < size))))
                return false;
        }

        return true;
    }

    private int? Separator(ReadOnlySpan<byte> text)
    {
        foreach (var separator in _separators)
        {
            if (text.StartsWith(separator))
                return separator.Length;
        }

        return null;
    }

    private static bool TryReadExponent(ref ReadOnlySpan<byte> text, scoped Span<byte> number, ref int length)
    {
        if (text is not [(byte)'e' or (byte)'E', ..])
            return true;
        var sign = text.Length > 1 && text[1] is (byte)'-' or (byte)'+' ? 1 : 0;
        var digits = Digits(text[(1 + sign)..]);
        Append(text[..(1 + sign + digits)], number, ref length);
        text = text[(1 + sign + digits)..];
        return digits > 0;
    }

    private static void DropLeadingZeros(scoped Span<byte> number, int whole, ref int length)
    {
        if (length == whole)
        {
            number[length++] = (byte)'0';
            return;
        }

        var zeros = Math.Min(length - whole - 1, number[whole..length].IndexOfAnyExcept((byte)'0') is >= 0 and var first ? first : length);
        number[(whole + zeros)..length].CopyTo(number[whole..]);
        length -= zeros;
    }

    private static int Digits(ReadOnlySpan<byte> text) => text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var end ? end : text.Length;

    private static void Append(ReadOnlySpan<byte> part, scoped Span<byte> number, ref int length)
    {
        part.CopyTo(number[length..]);
        length += part.Length;
    }

    /// <summary>A separator, and what is typed in its place where the keyboard has it not.</summary>
    private static byte[][] Alike(string separator)
    {
        string[] alike = separator switch
        {
            " " or "\u00A0" or "\u202F" or "\u2009" => [" ", "\u00A0", "\u202F", "\u2009"],
            "'" or "\u2019" => ["'", "\u2019"],
            "" => [],
            _ => [separator],
        };
        return [.. alike.Select(Encoding.UTF8.GetBytes)];
    }
}
