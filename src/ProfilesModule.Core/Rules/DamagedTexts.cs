using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace ProfilesModule.Rules;

/// <summary>
/// Finds texts that were damaged on their way: control characters other than tabs and line breaks, those of Latin-1 (U+0080 to
/// U+009F) that a wrong encoding makes, and U+FFFD, which stands for what could not be decoded.
/// </summary>
internal static class DamagedTexts
{
    private static readonly char[] Damage =
        [.. Enumerable.Range(0, 0xA0).Select(i => (char)i).Where(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r')), '\uFFFD'];

    private static readonly SearchValues<char> Characters = SearchValues.Create(Damage);

    // The first bytes of them; those of two and three bytes begin other characters too.
    private static readonly SearchValues<byte> FirstBytes = SearchValues.Create(
        [.. Damage.Select(c => Encoding.UTF8.GetBytes([c])[0]).Distinct()]);

    /// <summary>Whether a text is one.</summary>
    /// <param name="text">The text.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool IsIn(ReadOnlySpan<char> text) => text.ContainsAny(Characters);

    /// <summary>Whether a text is one.</summary>
    /// <param name="text">The text, as UTF-8.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool IsIn(ReadOnlySpan<byte> text)
    {
        while (text.IndexOfAny(FirstBytes) is >= 0 and var at)
        {
            text = text[at..];
            if (text is [< 0x80, ..] or [0xC2, < 0xA0, ..] or [0xEF, 0xBF, 0xBD, ..])
                return true;
            text = text[1..];
        }

        return false;
    }

    /// <summary>Whether a text is one.</summary>
    /// <param name="json">The text as it stands in JSON, between its quotes.</param>
    public static bool IsInJson(ReadOnlySpan<byte> json)
    {
        if (IsIn(json))
            return true;
        while (json.IndexOf((byte)'\\') is >= 0 and var at)
        {
            json = json[(at + 1)..];
            if (json[0] is (byte)'b' or (byte)'f')
                return true;
            if (json[0] == 'u' && Utf8Parser.TryParse(json[1..5], out ushort character, out _, 'x') && Characters.Contains((char)character))
                return true;
            json = json[1..];
        }

        return false;
    }
}
