using System.Globalization;
using System.Text.Json;
using System.Text;

namespace ProfilesModule.Sources.Columns;

/// <summary>
/// The cells of a column whose type was inferred, or is as if it were. One that would not have led to it is refused, or a 007 of the last
/// row would be 7.
/// </summary>
internal sealed class InferredCell(InferredType type, CellFormat format) : Cell
{
    private readonly TypeEvidence _evidence = new(format, type.Decimals);
    private readonly Cell _cell = Of(type.Type, TypeEvidence.FormatOf(type.Type, format));

    /// <summary>The types that may be inferred; the first that every cell speaks for counts.</summary>
    public static IReadOnlyList<PropertyType> Types { get; } = [PropertyType.Boolean, PropertyType.Number, PropertyType.Date];

    public override string Needed => type.Type switch
    {
        PropertyType.Boolean => CellWords.Of(type.Type),
        PropertyType.Number when type.Decimals > 0 => $"a number with {type.Decimals} decimals, without leading zeros",
        PropertyType.Number => "a number without leading zeros, trailing zeros or similar",
        _ => _cell.Needed,
    };

    public override bool WroteDefault => _cell.WroteDefault;

    public override bool TryWrite(Utf8JsonWriter json, ReadOnlySpan<byte> cell) =>
        _evidence.Speaks(type.Type, cell) && _cell.TryWrite(json, cell);
}

/// <summary>What the first rows of a file say that the cells of a column hold.</summary>
/// <param name="Type">Their type.</param>
/// <param name="Decimals">How many decimals each of the first numbers has, trailing zeros included; 0 where that differs.</param>
internal readonly record struct InferredType(PropertyType Type, int Decimals = 0);

/// <summary>
/// Whether a cell that can be of a type speaks for it. Only what is the same text again when it is read back does: no leading
/// zero or plus, no zeros behind a decimal unless each number has as many decimals, no more digits than a double keeps, and no yes
/// and no. A date of digits only is as well a number, or a key.
/// </summary>
internal sealed class TypeEvidence(CellFormat format, int decimals = 0)
{
    /// <summary>How many digits a double keeps.</summary>
    public const int DigitsOfDouble = 15;

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
        if (whole.IsEmpty || whole.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        var isOfLength = decimals > 0 && fraction.Length == decimals;
        if (whole is [(byte)'0', _, ..] || (point >= 0 && fraction is [] or [.., (byte)'0'] && !isOfLength))
            return false;
        return whole.Length + fraction.Length <= DigitsOfDouble && !(isNegative && whole is [(byte)'0'] && point < 0);
    }
}

/// <summary>Says what cells hold, in words.</summary>
internal sealed class CellWords(CellFormat format)
{
    private readonly (Cell Cell, string Words)[] _kinds =
    [
        .. InferredCell.Types.Select(type => ((Cell)new InferredCell(new(type), format), Of(type))),
        (new NumberCell(format.Culture), "a number in another form"),
    ];

    /// <summary>A value of an inferred type.</summary>
    public static string Of(PropertyType type) => type switch
    {
        PropertyType.Boolean => "true or false",
        PropertyType.Number => "a number",
        _ => "a date",
    };

    /// <summary>What a cell holds.</summary>
    public string Of(ReadOnlySpan<byte> cell)
    {
        using var json = new Utf8JsonWriter(Stream.Null);
        foreach (var (kind, words) in _kinds)
        {
            json.Reset();
            if (kind.TryWrite(json, cell))
                return words;
        }

        return "text";
    }
}
