using System.Text;

namespace ProfilesModule.Rules;

/// <summary>A value of the user's as a message shows it: on one line, cut, and masked where it must not be told.</summary>
internal static class ValueSample
{
    private const int MaximumLength = 60;

    /// <summary>What is shown of a value.</summary>
    /// <param name="value">The value, as UTF-8.</param>
    /// <param name="isMasked">Whether its letters and digits are replaced.</param>
    public static string Of(ReadOnlySpan<byte> value, bool isMasked)
    {
        // No character takes more than four bytes.
        var text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, 4 * (MaximumLength + 1))]);
        var isCut = text.Length > MaximumLength;
        var sample = new StringBuilder(text, 0, Math.Min(text.Length, MaximumLength), MaximumLength + 1);
        for (var i = 0; i < sample.Length; i++)
        {
            if (char.IsControl(sample[i]))
                sample[i] = ' ';
            else if (isMasked)
                sample[i] = Masked(sample[i]);
        }

        return isCut ? sample.Append('…').ToString() : sample.ToString();
    }

    // What is left shows the shape of the value, which is mostly what is wrong with it.
    private static char Masked(char character) => character switch
    {
        _ when char.IsDigit(character) => '9',
        _ when char.IsAscii(character) && !char.IsLetter(character) => character,
        _ => 'x',
    };
}
