using System.Buffers.Text;
using ProfilesModule.Wire;

namespace ProfilesModule.Rules;

/// <summary>
/// Cells that are protected against spreadsheets, which take 00123 for a number and =1+1 for a calculation: ="00123", and
/// '00123. Source: OWASP, CSV Injection.
/// </summary>
internal static class CellProtection
{
    /// <summary>A number of more digits loses the last ones in a spreadsheet.</summary>
    private const int ExactDigits = 15;

    /// <summary>Whether a cell is protected.</summary>
    /// <param name="cell">The cell, as UTF-8.</param>
    public static bool IsProtected(ReadOnlySpan<byte> cell) => cell switch
    {
        [(byte)'=', (byte)'"', .., (byte)'"'] when cell.Length >= 3 => HasDoubledQuotes(cell[2..^1]),
        [(byte)'\'', .. var rest] => IsNumber(rest),
        _ => false,
    };

    /// <summary>Whether a spreadsheet would calculate or convert a cell, or an import would take it for a protected one.</summary>
    /// <param name="cell">The cell, as UTF-8.</param>
    public static bool NeedsProtection(ReadOnlySpan<byte> cell) => cell switch
    {
        [] => false,
        [(byte)'=' or (byte)'+' or (byte)'@' or (byte)'\t' or (byte)'\r', ..] => true,
        [(byte)'-', .. var rest] => !IsExact(rest),
        [(byte)'\'', ..] => IsProtected(cell),
        [>= (byte)'0' and <= (byte)'9', ..] => IsConverted(cell),
        _ => false,
    };

    /// <summary>Adds a cell to a buffer, protected.</summary>
    public static void Protect(ReadOnlySpan<byte> cell, GrowingBuffer buffer)
    {
        buffer.Write((byte)'=');
        buffer.WriteInQuotes(cell);
    }

    /// <summary>Adds a protected cell to a buffer, without its protection.</summary>
    public static void Undo(ReadOnlySpan<byte> cell, GrowingBuffer buffer)
    {
        if (cell[0] == (byte)'\'')
        {
            buffer.Write(cell[1..]);
            return;
        }

        for (var inner = cell[2..^1]; !inner.IsEmpty;)
        {
            var quote = inner.IndexOf((byte)'"');
            buffer.Write(quote < 0 ? inner : inner[..(quote + 1)]);
            inner = quote < 0 ? default : inner[(quote + 2)..];
        }
    }

    private static bool HasDoubledQuotes(ReadOnlySpan<byte> text)
    {
        for (var quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            if (quote + 1 == text.Length || text[quote + 1] != (byte)'"')
                return false;
            text = text[(quote + 2)..];
        }

        return true;
    }

    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'+' or (byte)'-', ..])
            text = text[1..];
        return !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>Whether a number is shown by a spreadsheet as it is.</summary>
    private static bool IsExact(ReadOnlySpan<byte> number)
    {
        var point = number.IndexOf((byte)'.');
        var whole = point < 0 ? number : number[..point];
        var decimals = point < 0 ? default : number[(point + 1)..];
        return !whole.IsEmpty && !whole.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (whole.Length == 1 || whole[0] != (byte)'0')
            && !decimals.ContainsAnyExceptInRange((byte)'0', (byte)'9') && whole.Length + decimals.Length <= ExactDigits
            && (point < 0 || decimals is [.., not (byte)'0']);
    }

    // 1.2.3 and 2026-01-31 are not numbers to every spreadsheet, and no value of theirs is lost.
    private static bool IsConverted(ReadOnlySpan<byte> cell) =>
        !IsExact(cell) && Utf8Parser.TryParse(cell, out double _, out var length) && length == cell.Length;
}
