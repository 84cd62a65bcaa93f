using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace ProfilesModule.Model;

/// <summary>
/// What cannot be seen around a text: white space, control characters, and what takes no room, such as a zero-width space or a
/// byte order mark. Ids, names, values and hashes have this one definition.
/// </summary>
internal static class Blanks
{
    private const char ZeroWidthNonJoiner = '\u200C';
    private const char ZeroWidthJoiner = '\u200D';

    // Before it are the letters of scripts that know no joiners.
    private const int FirstJoined = 0x590;

    /// <summary>Whether a text begins or ends with some.</summary>
    /// <param name="text">The text, as UTF-8.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreAround(ReadOnlySpan<byte> text) => !BeginsAndEndsVisibly(text) && Trimmed(text).Length < text.Length;

    /// <summary>Whether a text begins or ends with some.</summary>
    /// <param name="text">The text.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreAround(string text) =>
        text.Length > 0 && !BeginsAndEndsVisibly(text) && (IsBlank(text[0]) || IsBlankEnd(text, text.Length));

    /// <summary>A text without those around it.</summary>
    /// <param name="text">The text, as UTF-8.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => BeginsAndEndsVisibly(text) ? text : Trimmed(text);

    /// <summary>A text without those around it: the same object when there are none.</summary>
    /// <param name="text">The text.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static string Trim(string text)
    {
        if (!AreAround(text))
            return text;
        var (start, end) = (0, text.Length);
        while (start < end && IsBlank(text[start]))
            start++;
        while (start < end && IsBlankEnd(text.AsSpan(start), end - start))
            end--;
        return text[start..end];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> text)
    {
        while (BlankStart(text) is > 0 and var length)
            text = text[length..];
        while (BlankEnd(text) is > 0 and var length)
            text = text[..^length];
        return text;
    }

    // Nearly every text does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool BeginsAndEndsVisibly(ReadOnlySpan<byte> text) =>
        text.IsEmpty || (text[0] is > (byte)' ' and < 0x7F && text[^1] is > (byte)' ' and < 0x7F);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool BeginsAndEndsVisibly(string text) => text[0] is > ' ' and < '\u007F' && text[^1] is > ' ' and < '\u007F';

    private static int BlankStart(ReadOnlySpan<byte> text) =>
        Rune.DecodeFromUtf8(text, out var first, out var length) == OperationStatus.Done && IsBlank(first) ? length : 0;

    private static int BlankEnd(ReadOnlySpan<byte> text)
    {
        if (Rune.DecodeLastFromUtf8(text, out var last, out var length) != OperationStatus.Done || !IsBlank(last))
            return 0;
        var isJoined = last.Value is ZeroWidthNonJoiner or ZeroWidthJoiner
            && Rune.DecodeLastFromUtf8(text[..^length], out var before, out _) == OperationStatus.Done
            && before.Value >= FirstJoined && !IsBlank(before);
        return isJoined ? 0 : length;
    }

    // A joiner behind a letter of India, or behind an emoji, is how the last letter is written.
    private static bool IsBlankEnd(ReadOnlySpan<char> text, int end) =>
        IsBlank(text[end - 1])
        && !(text[end - 1] is ZeroWidthNonJoiner or ZeroWidthJoiner && end > 1 && text[end - 2] >= FirstJoined && !IsBlank(text[end - 2]));

    private static bool IsBlank(Rune rune) => rune.IsBmp && IsBlank((char)rune.Value);

    // From U+0080 to U+009F are the traces of a wrong encoding, which must not go unseen. Braille and Hangul have letters that
    // nobody sees, and some signs of Arabic count as formats although everybody does.
    private static bool IsBlank(char character) => character switch
    {
        <= ' ' or '\u007F' => true,
        < '\u00A0' => false,
        '\u2800' or '\u3164' or '\uFFA0' => true,
        (>= '\u0600' and <= '\u0605') or '\u06DD' or '\u070F' or '\u0890' or '\u0891' or '\u08E2' => false,
        _ => char.IsWhiteSpace(character) || char.GetUnicodeCategory(character) == UnicodeCategory.Format,
    };
}

/// <summary>A few texts, to be found among bytes of UTF-8.</summary>
internal sealed class KnownTexts(params IEnumerable<string> texts)
{
    private readonly byte[][] _texts = [.. texts.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Whether a text is one of them.</summary>
    /// <param name="text">The text, as UTF-8.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Contain(ReadOnlySpan<byte> text)
    {
        foreach (var known in _texts)
        {
            if (text.SequenceEqual(known))
                return true;
        }

        return false;
    }
}
