using System.Runtime.CompilerServices;
using System.Text;
using ProfilesModule.Model;

namespace ProfilesModule.Rules;

/// <summary>
/// What stands in data where a distinct id is missing. Source of the first ones: the service's documentation of /import, which
/// refuses them; /engage takes them.
/// </summary>
internal static class PlaceholderIdentifiers
{
    private static readonly string[] All =
    [
        "00000000-0000-0000-0000-000000000000", "anon", "anonymous", "nil", "none", "null", "n/a", "na", "undefined", "unknown",
        "<nil>", "0", "-1", "true", "false", "[]", "{}",

        // What databases, spreadsheets and programs leave.
        "\\N", "(null)", "<null>", "[null]", "<NA>", "nan", "NaT", "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!",
        "#NULL!", "[object Object]",
    ];

    private static readonly string[][] ByLength =
        [.. Enumerable.Range(0, All.Max(text => text.Length) + 1).Select(length => All.Where(text => text.Length == length).ToArray())];

    /// <summary>Whether a distinct id is none, in any case and with blanks around it or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Contains(ReadOnlySpan<byte> id)
    {
        var trimmed = Blanks.Trim(id);
        foreach (var placeholder in trimmed.Length < ByLength.Length ? ByLength[trimmed.Length] : [])
        {
            if (Ascii.EqualsIgnoreCase(trimmed, placeholder))
                return true;
        }

        return false;
    }
}
