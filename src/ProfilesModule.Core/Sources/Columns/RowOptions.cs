using ProfilesModule.Model;

namespace ProfilesModule.Sources.Columns;

/// <summary>What the columns of a CSV file, or the members of JSON objects, become.</summary>
internal record RowOptions
{
    /// <summary>Whether a column, by its name in the file, becomes a property. Default: each one does.</summary>
    public Func<string, bool> Includes { get; init; } = _ => true;

    /// <summary>
    /// Whether a column, by its name in the file, must not leave it in any way; null when all may. The identifier always does.
    /// </summary>
    public Func<string, bool>? Excludes { get; init; }

    /// <summary>Names of columns that a file must have, each with the parameter that names it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Required { get; init; } = [];

    /// <summary>Names of columns or properties whose values are hashed before anything else.</summary>
    public IReadOnlyList<string> Hashed { get; init; } = [];

    /// <summary>The names of properties, by the name of the column in the file, without regard to case.</summary>
    public IReadOnlyDictionary<string, string> PropertyMap { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether columns with usual names become the properties that the service reserves, such as email $email.</summary>
    public bool UsesReservedNames { get; init; }

    /// <summary>Which texts mean that there is no value, and whether the blanks around texts count.</summary>
    public InputTexts Texts { get; init; } = InputTexts.AsTheyAre;

    /// <summary>Every name that the user gave, with its parameter: a misspelled name must not go unnoticed.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Named => Required
        .Concat(Hashed.Select(name => KeyValuePair.Create(name, "HashProperty")))
        .Concat(PropertyMap.Keys.Select(name => KeyValuePair.Create(name, "PropertyMap")));

    /// <summary>The name that the user gave the property of a column; null for none.</summary>
    internal string? Mapped(string column) =>
        PropertyMap.TryGetValue(column, out var exact) ? exact : PropertyMap.FirstOrDefault(entry => Same(entry.Key, column)).Value;

    /// <summary>The property of a column.</summary>
    internal string PropertyOf(string column, bool isTrait = false) =>
        Mapped(column) ?? (isTrait || UsesReservedNames ? CommonNames.Reserved(column) : null) ?? Texts.Name(column);

    /// <summary>Whether the values of a column are hashed.</summary>
    internal bool Hashes(string column, string property) => Hashed.Any(name => Same(name, column) || Same(name, property));

    /// <summary>The value of the first name that is the same for users; null for none.</summary>
    internal static T? Find<T>(IReadOnlyDictionary<string, T> values, string name)
        where T : struct
    {
        foreach (var (key, value) in values)
        {
            if (Same(key, name))
                return value;
        }

        return null;
    }

    /// <summary>Whether two names are the same for users.</summary>
    internal static bool Same(string one, string other) =>
        string.Equals(Blanks.Trim(one), Blanks.Trim(other), StringComparison.OrdinalIgnoreCase);
}
