using System.Globalization;
using System.Text;

namespace ProfilesModule.Sources.Columns;

/// <summary>
/// Whether a cell that can be of a type speaks for it. Only what is the same text again when it is read back does: no leading
/// zero or plus, no zeros behind a decimal unless each number has as many decimals, no more digits than a double keeps, and no yes
/// and no. A date of digits only is as well a number, or a key.
/// </summary>
internal sealed class TypeEvidence(CellFormat format, int decimals = 0)
{
    private const int DigitsOfDouble = 15;

    private readonly byte[] _point = Encoding.UTF8.GetBytes(format.Culture.NumberFormat.NumberDecimalSeparator);

    /// <summary>How cells of an inferred type are read. Cultures take too much for a date.</summary>
    public static CellFormat FormatOf(PropertyType type, CellFormat format) =>
        type == PropertyType.Date && format.DateFormats.Count == 0 ? format with { Culture = CultureInfo.InvariantCulture } : format;

    public bool Speaks(PropertyType type, ReadOnlySpan<byte> cell) => type switch
    {
        PropertyType.Boolean => Ascii.EqualsIgnoreCase(cell, "true") || Ascii.EqualsIgnoreCase(cell, "false"),
        PropertyType.Number => IsNumber(cell),
        PropertyType.Date => cell is not [(byte)' ', ..] and not [.., (byte)' '] && cell.ContainsAnyExceptInRange((byte)'0', (byte)'9'),
        _ => true,
    };

    /// <summary>How many decimals a number has; 0 for none.</summary>
    public int Decimals(ReadOnlySpan<byte> cell) => cell.IndexOf(_point) is >= 0 and var point ? cell.Length - point - _point.Length : 0;

    private bool IsNumber(ReadOnlySpan<byte> cell)
    {
        var isNegative = cell is [(byte)'-', ..];
        var digits = isNegative ? cell[1..] : cell;
        var point = digits.IndexOf(_point);
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? default : digits[(point + _point.Length)..];
        if (whole.IsEmpty || whole.ContainsAnyExceptInRange((byte)'0', (byte)'9') || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        var isOfLength = decimals > 0 && fraction.Length == decimals;
        if (whole is [(byte)'0', _, ..] || (point >= 0 && fraction is [] or [.., (byte)'0'] && !isOfLength))
            return false;
        return whole.Length + fraction.Length <= DigitsOfDouble && !(isNegative && whole is [(byte)'0'] && point < 0);
    }
}
