namespace ProfilesModule.Sources.Columns;

/// <summary>What the columns of a file become.</summary>
internal sealed record ColumnOptions
{
    /// <summary>Whether a column, by its name in the file, becomes a property. Default: each one does.</summary>
    public Func<string, bool> Includes { get; init; } = _ => true;

    /// <summary>Whether the column of the identifier becomes a property too.</summary>
    public bool KeepsIdentifier { get; init; }

    /// <summary>Names of columns that a file must have, each with the parameter that names it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Required { get; init; } = [];

    /// <summary>Names of columns or properties whose cells are hashed before anything else.</summary>
    public IReadOnlyList<string> Hashed { get; init; } = [];

    /// <summary>Whether a column, by its name in the file, must not leave it in any way. The identifier always does.</summary>
    public Func<string, bool> Excludes { get; init; } = _ => false;

    /// <summary>The names of properties, by the name of the column in the file, without regard to case.</summary>
    public IReadOnlyDictionary<string, string> PropertyMap { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether columns with usual names become the properties that the service reserves, such as email $email.</summary>
    public bool UsesReservedNames { get; init; }

    /// <summary>Whether dots in the names of properties make objects.</summary>
    public bool ExpandsNames { get; init; }

    /// <summary>What cells hold, by the name of the column or of the property. Default: text.</summary>
    public IReadOnlyDictionary<string, PropertyType> Types { get; init; } = new Dictionary<string, PropertyType>();

    /// <summary>Which cells mean that there is no value, and whether the blanks around texts count.</summary>
    public InputTexts Texts { get; init; } = InputTexts.AsTheyAre;

    /// <summary>How values are written in cells.</summary>
    public CellFormat Format { get; init; } = new();

    /// <summary>What becomes of a row that has more or fewer fields than the header.</summary>
    public MismatchedFieldAction MismatchedField { get; init; }

    /// <summary>What an empty cell does.</summary>
    public EmptyCell EmptyCell { get; init; }
}
