using ProfilesModule.Rules;

namespace ProfilesModule.Sources;

/// <summary>
/// What the module's profiles show of themselves beside their properties, and what must not become a property when a profile that was
/// written to a file is imported.
/// </summary>
internal static class ProfileFields
{
    public const string DistinctId = "DistinctId";
    public const string GroupId = "GroupId";
    public const string GroupKey = "GroupKey";
    public const string UpdatedAt = "UpdatedAt";
    public const string Properties = "Properties";

    /// <summary>The names that hold the distinct id of a user when none is specified.</summary>
    public static readonly IReadOnlyList<string> DistinctIdNames = [DistinctId, "distinct_id", "$distinct_id"];

    /// <summary>The names that hold the id of a group when none is specified.</summary>
    public static readonly IReadOnlyList<string> GroupIdNames = [GroupId, "group_id", "$group_id"];

    /// <summary>The names that hold the id of a group, or of a user where there is no group key, when none is specified.</summary>
    public static IReadOnlyList<string> IdNames(string? groupKey) => groupKey is null ? DistinctIdNames : GroupIdNames;

    // What remoting and jobs add to every object that they return.
    private static readonly HashSet<string> AddedByRemoting = new(
        ["PSComputerName", "RunspaceId", "PSShowComputerName", "PSSourceJobInstanceId"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a field is spelled as a profile shows its identifier.</summary>
    public static bool IsIdentifier(string name) => name is DistinctId or GroupId;

    /// <summary>Whether a member comes from remoting or a job, and not from the object itself.</summary>
    public static bool IsAddedByRemoting(string name) => AddedByRemoting.Contains(name);

    /// <summary>Whether a member of a profile that remoting returned is neither its identifier nor a property.</summary>
    public static bool IsMetadata(string name) => IsOfProfile(name) || IsAddedByRemoting(name);

    /// <summary>
    /// The indexes of the fields that are not properties. None unless the identifier is spelled as the module does and UpdatedAt is
    /// there.
    /// </summary>
    /// <param name="names">The names of all fields.</param>
    /// <param name="identifier">The index of the identifier, which the user did not specify.</param>
    public static IReadOnlyList<int> MetadataFields(IReadOnlyList<string> names, int identifier) =>
        IsIdentifier(names[identifier]) && names.Contains(UpdatedAt)
            ? [.. Enumerable.Range(0, names.Count).Where(i => IsOfProfile(names[i]))]
            : [];

    /// <summary>The warning about fields that were left out.</summary>
    public static string Warning(IEnumerable<string> names, string parameter) =>
        $"Members of the profile that are not properties were left out: {Phrase.Names([.. names])}. To set these too, specify the "
            + $"identifier with {parameter}.";

    private static bool IsOfProfile(string name) => name is UpdatedAt or GroupKey or Properties;
}
