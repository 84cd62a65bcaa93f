using System.Runtime.CompilerServices;

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
