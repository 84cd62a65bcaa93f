using System.Runtime.CompilerServices;
using System.Text;
using ProfilesModule.Model;

namespace ProfilesModule.Rules;

/// <summary>What a spreadsheet or a data frame makes of distinct ids that it takes for numbers.</summary>
internal static class NumberIdentifiers
{
    // A spreadsheet keeps no more digits of a number.
    private const int KeptDigits = 15;

    /// <summary>
    /// Whether an id is in scientific form, as 9.91214E+15. Without a fraction, only a plus tells it from a key such as 12e5.
    /// </summary>
    /// <param name="id">The id, without blanks around it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool AreScientific(ReadOnlySpan<byte> id)
    {
        if (!MayBeNumber(id))
            return false;
        var exponent = id.IndexOfAny((byte)'E', (byte)'e');
        if (exponent < 1)
            return false;
        var power = id[(exponent + 1)..];
        var isSigned = power is [(byte)'+' or (byte)'-', ..];
        var number = id[0] is (byte)'+' or (byte)'-' ? id[1..exponent] : id[..exponent];
        var point = number.IndexOfAny((byte)'.', (byte)',');
        return IsDigits(isSigned ? power[1..] : power)
            && (point < 0 ? power[0] == '+' && IsDigits(number) : IsDigits(number[..point]) && IsDigits(number[(point + 1)..]));
    }

    /// <summary>Whether an id begins as a number.</summary>
    /// <param name="id">The id, without blanks around it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayBeNumber(ReadOnlySpan<byte> id) =>
        !id.IsEmpty && id[0] is (>= (byte)'0' and <= (byte)'9') or (byte)'+' or (byte)'-';

    /// <summary>Whether an id has only zeros behind the digits that a spreadsheet keeps.</summary>
    /// <param name="id">The id.</param>
    public static bool AreRounded(ReadOnlySpan<byte> id) =>
        id.Length > KeptDigits && IsDigits(id) && !id[KeptDigits..].ContainsAnyExcept((byte)'0');

    /// <summary>Whether an id is a whole number with a decimal point, as 101.0.</summary>
    /// <param name="id">The id.</param>
    public static bool AreFloats(ReadOnlySpan<byte> id) =>
        id.IndexOf((byte)'.') is > 0 and var point && point + 1 < id.Length
        && IsDigits(id[..point]) && !id[(point + 1)..].ContainsAnyExcept((byte)'0');

    private static bool IsDigits(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}

/// <summary>What distinct ids have in common that tells of a program which took them for numbers. One id alone tells nothing.</summary>
internal sealed class IdentifierForms
{
    private ulong? _first;
    private bool _differ;
    private long? _notRounded;
    private long? _notFloat;

    /// <summary>The rule that they break together; null for none.</summary>
    public ErrorId? Problem => !_differ ? null
        : _notRounded is null ? ErrorId.RoundedIdentifier
        : _notFloat is null ? ErrorId.FloatIdentifier
        : null;

    /// <summary>The line of the first id that does not break a rule with the others; null when there is none.</summary>
    /// <param name="rule">A rule that all of them may break together.</param>
    public long? FirstOther(ErrorId rule) => rule == ErrorId.RoundedIdentifier ? _notRounded : _notFloat;

    /// <summary>Whether more ids may tell of one.</summary>
    public bool MayHaveProblem { get; private set; } = true;

    /// <summary>Adds an id.</summary>
    /// <param name="id">The id, without blanks around it.</param>
    /// <param name="line">The line of its row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<byte> id, long line)
    {
        if (!MayHaveProblem)
            return;
        var hash = ProfileHash.Of(id);
        _first ??= hash;
        _differ |= hash != _first;
        if (_notRounded is null && !NumberIdentifiers.AreRounded(id))
            _notRounded = line;
        if (_notFloat is null && !NumberIdentifiers.AreFloats(id))
            _notFloat = line;
        MayHaveProblem = _notRounded is null || _notFloat is null;
    }
}

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
