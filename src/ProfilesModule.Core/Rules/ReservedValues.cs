using System.Buffers;
using System.Text;

namespace ProfilesModule.Rules;

/// <summary>Which rule the text of a reserved property breaks; null for none.</summary>
/// <param name="text">The text, as UTF-8, not empty.</param>
internal delegate ErrorId? ReservedValue(ReadOnlySpan<byte> text);

/// <summary>The rules on values of the properties that the service gives a meaning to.</summary>
internal static class ReservedValues
{
    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n"u8);
    private static readonly SearchValues<byte> PhoneMarks = SearchValues.Create("0123456789 ()-./"u8);

    /// <summary>What checks the values of a property; null when any text serves.</summary>
    public static ReservedValue? Of(string property) => property switch
    {
        "$email" => Email,
        "$phone" => Phone,
        "$avatar" => Avatar,
        "$created" => Created,
        "$country_code" => CountryCode,
        "$timezone" => TimeZone,
        _ => null,
    };

    // Its shape only: which addresses exist is nothing that can be told from them.
    private static ErrorId? Email(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOf((byte)'@');
        var domain = text[(at + 1)..];
        var isAddress = at > 0 && !domain.Contains((byte)'@') && domain.IndexOf((byte)'.') > 0 && domain[^1] != '.' && !text.ContainsAny(Blanks) && domain.IndexOf(".."u8) < 0;
        return isAddress ? null : ErrorId.InvalidEmail;
    }

    private static ErrorId? Phone(ReadOnlySpan<byte> text)
    {
        var number = text[0] == '+' ? text[1..] : text;
        var digits = 0;
        foreach (var character in number)
        {
            if (char.IsAsciiDigit((char)character))
                digits++;
        }

        if (number.ContainsAnyExcept(PhoneMarks) || digits is < 7 or > 15)
            return ErrorId.InvalidPhone;
        return text[0] == '+' ? null : ErrorId.PhoneWithoutCountryCode;
    }

    private static ErrorId? Avatar(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf("://"u8);
        var isAddress = end > 0 && (Ascii.EqualsIgnoreCase(text[..end], "https") || Ascii.EqualsIgnoreCase(text[..end], "http"))
            && text.Length > end + 3 && text[end + 3] != '/' && !text.ContainsAny(Blanks);
        return isAddress ? null : ErrorId.InvalidAvatar;
    }

    private static ErrorId? Created(ReadOnlySpan<byte> text) => IsoDate.IsIn(text) ? null : ErrorId.InvalidCreated;

    private static ErrorId? CountryCode(ReadOnlySpan<byte> text) =>
        text is [var first, var second] && char.IsAsciiLetter((char)first) && char.IsAsciiLetter((char)second) ? null : ErrorId.InvalidCountryCode;

    private static ErrorId? TimeZone(ReadOnlySpan<byte> text) => TimeZoneNames.Contains(text) ? null : ErrorId.UnknownTimeZone;
}
