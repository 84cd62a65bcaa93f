using System.Globalization;

namespace ProfilesModule.Sources.Columns;

/// <summary>What the columns of a CSV file become.</summary>
internal sealed record ColumnOptions : RowOptions
{
    /// <summary>Makes the default ones.</summary>
    public ColumnOptions()
    {
    }

    /// <summary>Adds to options that JSON files have too.</summary>
    public ColumnOptions(RowOptions shared)
        : base(shared)
    {
    }

    /// <summary>Whether the column of the identifier becomes a property too.</summary>
    public bool KeepsIdentifier { get; init; }

    /// <summary>Whether dots in the names of properties make objects.</summary>
    public bool ExpandsNames { get; init; }

    /// <summary>What cells hold, by the name of the column or of the property. Default: text.</summary>
    public IReadOnlyDictionary<string, ColumnType> Types { get; init; } = new Dictionary<string, ColumnType>();

    /// <summary>How values are written in cells.</summary>
    public CellFormat Format { get; init; } = new();

    /// <summary>What becomes of a row that has more or fewer fields than the header.</summary>
    public MismatchedFieldAction MismatchedField { get; init; }

    /// <summary>What an empty cell does.</summary>
    public EmptyCell EmptyCell { get; init; }
}

/// <summary>What the user says that the cells of a column hold.</summary>
/// <param name="Type">Their type.</param>
/// <param name="Decimals">
/// Of <see cref="PropertyType.ExactNumber"/>: how many decimals a number must have whose last one is 0; 0 where there is none.
/// </param>
internal readonly record struct ColumnType(PropertyType Type, int Decimals = 0)
{
    private static readonly string DecimalsMark = $"{PropertyType.ExactNumber}.";

    /// <summary>The type as a parameter has it, such as ExactNumber.2.</summary>
    public override string ToString() =>
        Decimals > 0 ? string.Create(CultureInfo.InvariantCulture, $"{DecimalsMark}{Decimals}") : Type.ToString();

    /// <summary>The type that a text names; null for none.</summary>
    public static ColumnType? Of(string? text) =>
        text is null or [>= '0' and <= '9', ..] ? null
        : Enum.TryParse<PropertyType>(text, ignoreCase: true, out var type) && Enum.IsDefined(type) ? new(type)
        : text.StartsWith(DecimalsMark, StringComparison.OrdinalIgnoreCase)
            && int.TryParse(text.AsSpan(DecimalsMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var decimals)
            && decimals is > 0 and <= TypeEvidence.DigitsOfDouble ? new(PropertyType.ExactNumber, decimals)
        : null;
}

/// <summary>What becomes of a row that has more or fewer fields than the header.</summary>
public enum MismatchedFieldAction
{
    /// <summary>It is refused.</summary>
    Reject,

    /// <summary>Fields that it lacks at its end are taken as empty; one with too many is refused.</summary>
    PadWithNulls,

    /// <summary>Fields that it has too many at its end are left out; one with too few is refused.</summary>
    TruncateExtra,

    /// <summary>Fields that it lacks are taken as empty, and fields that it has too many are left out.</summary>
    PadOrTruncate,
}
