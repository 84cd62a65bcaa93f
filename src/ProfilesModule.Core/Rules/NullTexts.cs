using System.Numerics;
using System.Runtime.CompilerServices;
using ProfilesModule.Model;

namespace ProfilesModule.Rules;

/// <summary>
/// The texts that databases, spreadsheets and data frames write where there is no value. Words that people write too, such as
/// None and NA, are not among them.
/// </summary>
internal static class NullTexts
{
    private static readonly string[] All =
    [
        "NULL", "null", "\\N", "(null)", "(NULL)", "<null>", "<NULL>", "[NULL]", "<NA>", "nan", "NaN", "NaT",
        "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!",
    ];

    private static readonly KnownTexts Known = new(All);

    /// <summary>The first two characters of each.</summary>
    public static IEnumerable<string> Starts => All.Select(text => text[..2]);

    /// <summary>Whether a text is one.</summary>
    /// <param name="text">The text, as UTF-8.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Contain(ReadOnlySpan<byte> text) => MayContain(text) && Known.Contain(text);

    /// <summary>Whether a text may be one: false, at next to no cost, for nearly every text that is none.</summary>
    /// <typeparam name="T">Bytes of UTF-8, also as they stand in JSON, or characters.</typeparam>
    /// <param name="text">The text.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayContain<T>(ReadOnlySpan<T> text)
        where T : struct, IBinaryInteger<T> =>
        text.Length is > 1 and < 9 && (char)int.CreateTruncating(text[0]) is 'N' or 'n' or '\\' or '(' or '<' or '[' or '#';
}
