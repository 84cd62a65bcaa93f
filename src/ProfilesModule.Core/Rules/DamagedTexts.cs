using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using static System.Buffers.Binary.BinaryPrimitives;

namespace ProfilesModule.Rules;

/// <summary>
/// Finds texts that were damaged on their way: control characters other than tabs and line breaks, those of Latin-1 (U+0080 to
/// U+009F) that a wrong encoding makes, and U+FFFD, which stands for what could not be decoded.
/// </summary>
internal static class DamagedTexts
{
    private const uint LastSpace = (uint)' ' << 24;

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

    /// <summary>Whether a text may be one: false, at next to no cost, for nearly every text that is none.</summary>
    /// <param name="text">The text, as UTF-8; not empty.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayBeIn(ReadOnlySpan<byte> text)
    {
        // The last bytes may be among those before: to look at them twice costs less than to look at each.
        var damage = text.Length switch
        {
            < 4 => StartsIn(Vector128.Create(LastSpace | text[0] | ((uint)text[text.Length / 2] << 8) | ((uint)text[^1] << 16)).AsByte()),
            < 8 => StartsIn(Vector128.Create(ReadUInt32LittleEndian(text) | ((ulong)ReadUInt32LittleEndian(text[^4..]) << 32)).AsByte()),
            < 16 => StartsIn(Vector128.Create(ReadUInt64LittleEndian(text), ReadUInt64LittleEndian(text[^8..])).AsByte()),
            _ => StartsIn(Vector128.Create(text)) | StartsIn(Vector128.Create(text[^16..])),
        };
        for (var i = 16; i < text.Length - 16; i += 16)
            damage |= StartsIn(Vector128.Create(text[i..]));
        return damage != Vector128<byte>.Zero;
    }

    // Tabs and line breaks are among them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> StartsIn(Vector128<byte> bytes) =>
        Vector128.Equals(bytes, Vector128.Min(bytes, Vector128.Create((byte)0x1F)))
        | Vector128.Equals(bytes, Vector128.Create((byte)0x7F))
        | Vector128.Equals(bytes, Vector128.Create((byte)0xC2))
        | Vector128.Equals(bytes, Vector128.Create((byte)0xEF));

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
