namespace ProfilesModule.Rows;

/// <summary>
/// Recognizes profiles that were written to a file and come back: beside their properties they have what a profile shows of
/// itself, which must not become properties.
/// </summary>
internal static class ShownProfile
{
    // What remoting and jobs add to every object that they bring back.
    private static readonly HashSet<string> AddedByRemoting = new(
        ["PSComputerName", "RunspaceId", "PSShowComputerName", "PSSourceJobInstanceId"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a field is spelled as a profile shows its identifier.</summary>
    /// <param name="name">The name of the field.</param>
    public static bool IsIdentifier(string name) => name is nameof(UserProfile.DistinctId) or nameof(GroupProfile.GroupId);

    /// <summary>Whether a member comes from remoting or a job, and not from the object that they bring back.</summary>
    /// <param name="name">The name of the member.</param>
    public static bool IsAddedByRemoting(string name) => AddedByRemoting.Contains(name);

    /// <summary>Whether a member of a profile that was brought back is neither its identifier nor a property.</summary>
    /// <param name="name">The name of the member.</param>
    public static bool IsBesideProperties(string name) => IsOfProfile(name) || IsAddedByRemoting(name);

    /// <summary>The indexes of the fields that are no properties. None unless the identifier is spelled as the module does and UpdatedAt is there.</summary>
    /// <param name="names">The names of all fields.</param>
    /// <param name="identifier">The index of the identifier, which the user did not name.</param>
    public static IReadOnlyList<int> NotProperties(IReadOnlyList<string> names, int identifier)
    {
        if (!IsIdentifier(names[identifier]) || !names.Contains(nameof(ServiceProfile.UpdatedAt)))
            return [];
        return [.. Enumerable.Range(0, names.Count).Where(i => IsOfProfile(names[i]))];
    }

    /// <summary>What the user is told once.</summary>
    /// <param name="names">The fields that were left out.</param>
    /// <param name="parameter">The parameter that names the identifier.</param>
    public static string Warning(IEnumerable<string> names, string parameter) =>
        $"What a profile shows beside its properties was left out: {Errors.Names([.. names])}. To set it too, name the identifier with {parameter}.";

    private static bool IsOfProfile(string name) => name is nameof(ServiceProfile.UpdatedAt) or nameof(GroupProfile.GroupKey) or nameof(ServiceProfile.Properties);
}
