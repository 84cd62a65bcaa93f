using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Sources.Json;

/// <summary>What the objects of a JSON file become.</summary>
internal sealed record JsonOptions
{
    /// <summary>The name of the member that holds the identifier; null for the usual ones.</summary>
    public string? IdentifierProperty { get; init; }

    /// <summary>The names that lead to the list of objects, with dots between them; null for objects at the top of the file.</summary>
    public string? Root { get; init; }

    /// <summary>The usual ones.</summary>
    public required IReadOnlyList<string> IdentifierNames { get; init; }

    /// <summary>Whether a member, by its name in the file, becomes a property. Default: each one does.</summary>
    public Func<string, bool> Includes { get; init; } = _ => true;

    /// <summary>Whether a member, by its name in the file, must not leave it in any way; null when all may. The identifier always does.</summary>
    public Func<string, bool>? Excludes { get; init; }

    /// <summary>Names of members or properties whose values are hashed before anything else.</summary>
    public IReadOnlyList<string> Hashed { get; init; } = [];

    /// <summary>The names of properties, by the name of the member in the file, without regard to case.</summary>
    public IReadOnlyDictionary<string, string> PropertyMap { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether members with usual names become the properties that the service reserves, such as email $email. Traits of Segment's always do.</summary>
    public bool UsesReservedNames { get; init; }

    /// <summary>Which texts mean that there is no value, and whether the blanks around them count.</summary>
    public InputTexts Texts { get; init; } = InputTexts.AsTheyAre;

    /// <summary>What a member without a value, null or an empty text, does to its property; null to send it as it is.</summary>
    public EmptyCell? Empty { get; init; }

    /// <summary>The names of members that the user named, each with the parameter that it was given to.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Named { get; init; } = [];

    /// <summary>Where in a file the objects are.</summary>
    internal JsonRoot FileRoot => new(Root, IsIdentifier);

    /// <summary>Whether something of an object may have to be hidden.</summary>
    internal bool Hides => Excludes is not null || Hashed.Count > 0;

    private bool IsIdentifier(string name) => IdentifierProperty is { } given
        ? string.Equals(name, given, StringComparison.OrdinalIgnoreCase)
        : IdentifierName.Rank(name, IdentifierNames) != IdentifierName.None || SegmentCall.IsOfPayload(name);
}
