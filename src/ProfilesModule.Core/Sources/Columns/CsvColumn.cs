namespace ProfilesModule.Sources.Columns;

/// <summary>A column whose cells become a property.</summary>
/// <param name="Index">The 0-based index of the column in the file.</param>
/// <param name="Header">Its name in the file.</param>
/// <param name="Property">The name of the property; with names that are expanded, its path.</param>
/// <param name="Type">What its cells hold.</param>
/// <param name="TypeSource">Who says so.</param>
internal sealed record CsvColumn(int Index, string Header, string Property, PropertyType Type, TypeSource TypeSource)
{
    /// <summary>How many decimals its numbers have, if that was inferred or frozen; else 0.</summary>
    public int Decimals { get; init; }

    /// <summary>The inferred type that its cells must speak for; null where any cell of its type is taken.</summary>
    public InferredType? Form => TypeSource == TypeSource.Inferred ? new(Type, Decimals) : Type switch
    {
        PropertyType.ExactBoolean => new(PropertyType.Boolean),
        PropertyType.ExactNumber => new(PropertyType.Number, Decimals),
        PropertyType.ExactDate => new(PropertyType.Date),
        _ => null,
    };

    /// <summary>The type that a mapping has, with which the column stays what it is whatever the rows of a later file suggest.</summary>
    public ColumnType Frozen => Form switch
    {
        null => new(Type),
        { Type: PropertyType.Boolean } => new(PropertyType.ExactBoolean),
        { Type: PropertyType.Number, Decimals: var decimals } => new(PropertyType.ExactNumber, decimals),
        _ => new(PropertyType.ExactDate),
    };
}

/// <summary>Who says what the cells of a column hold.</summary>
internal enum TypeSource
{
    /// <summary>Nobody: they are text.</summary>
    Default,

    /// <summary>The user.</summary>
    Declared,

    /// <summary>The first rows of the file.</summary>
    Inferred,
}

/// <summary>What the cells of a column hold, and so what they become in a profile.</summary>
public enum PropertyType
{
    /// <summary>Text, as it is.</summary>
    Text,

    /// <summary>A number, exactly.</summary>
    Number,

    /// <summary>True or false: true/false, yes/no, on/off, 1/0, in any case.</summary>
    Boolean,

    /// <summary>A date, or a date and a time, which is sent in UTC.</summary>
    Date,

    /// <summary>A list of texts, set apart by a separator, or a JSON array.</summary>
    List,

    /// <summary>Any JSON.</summary>
    Json,

    /// <summary>A time in seconds since 1970, in UTC.</summary>
    UnixSeconds,

    /// <summary>A time in milliseconds since 1970, in UTC.</summary>
    UnixMilliseconds,

    /// <summary>A number as -InferType recognizes it: the same text again when it is read back.</summary>
    ExactNumber,

    /// <summary>true or false, in any case.</summary>
    ExactBoolean,

    /// <summary>A date as -InferType recognizes it, not a number such as 20260131.</summary>
    ExactDate,
}
