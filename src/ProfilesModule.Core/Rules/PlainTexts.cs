using System.Runtime.CompilerServices;
using ProfilesModule.Model;

namespace ProfilesModule.Rules;

/// <summary>
/// Texts that surely break no rule on texts, except those of their property. Nearly every text is one, which two looks tell: one at its
/// ends, and one at what is between them. The rules themselves would look at each text many times.
/// </summary>
internal static class PlainTexts
{
    // How the texts begin that a rule may find: names of types, texts for no value, the first date of all, protected cells.
    private static readonly string[] Doubtful =
    [
        "Sy", "Mi", "De", "@{", "[o", "00", "=\"", "'+", "'-", .. Enumerable.Range(0, 10).Select(digit => $"'{digit}"), .. NullTexts.Starts,
    ];

    // For each first character of ASCII, a bit for each second one; a shift takes the lowest six bits of a character.
    private static readonly ulong[] SecondCharacters = [.. Enumerable.Range(0, 128).Select(SecondCharactersOf)];

    /// <summary>Whether a text is one, and no longer than a text may be.</summary>
    /// <param name="text">The text, as UTF-8.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Contain(ReadOnlySpan<byte> text) => text.IsEmpty || (text.Length <= Limits.MaximumTextBytes
        && (!IsDoubtful(text[0], text[text.Length > 1 ? 1 : 0], text[^1]) || IsHarmless(text))
        && !Blanks.AreAround(text) && (!DamagedTexts.MayBeIn(text) || !DamagedTexts.IsIn(text)));

    /// <summary>Whether a text is one, whatever its length.</summary>
    /// <param name="text">The text.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Contain(string text) => text.Length == 0
        || ((!IsDoubtful(text[0], text[text.Length > 1 ? 1 : 0], text[^1]) || IsHarmless(text))
            && !Blanks.AreAround(text) && (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') || !DamagedTexts.IsIn(text)));

    private static ulong SecondCharactersOf(int first) =>
        Doubtful.Where(start => start[0] == first).Aggregate(0UL, (bits, start) => bits | (1UL << start[1]));

    // Names of the types of lists begin as they like, but end with a bracket.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsDoubtful(int first, int second, int last) =>
        ((SecondCharacters[first & 127] >> second) & 1) != 0 || last == ']';

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsHarmless(ReadOnlySpan<byte> text) =>
        !LostValues.MayBeIn(text) && !NullTexts.MayContain(text) && !PropertyRules.IsDefaultDate(text)
        && text[0] is not ((byte)'=' or (byte)'\'');

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsHarmless(ReadOnlySpan<char> text) =>
        !LostValues.MayBeIn(text) && !NullTexts.MayContain(text) && !text.StartsWith("0001-01-01")
        && text[0] is not ('=' or '\'');
}
