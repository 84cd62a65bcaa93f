using System.Collections;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace ProfilesModule.Rows;

/// <summary>
/// Tells whose profile an object is. The same id may name a user, a company and a team, so a profile of one kind must not
/// pass for one of another.
/// </summary>
internal static class ProfileNoun
{
    /// <summary>What to do about a profile of another kind.</summary>
    public const string Remedy = "Use the commands of its own noun, and its own -GroupKey. If the profile names another by one of its properties, take the identifier from there, such as with -IdentifierProperty.";

    /// <summary>Why an object is no profile of users, or of groups of one kind; null when it is, or does not say.</summary>
    /// <param name="input">The object.</param>
    /// <param name="groupKey">The kind of group; null for users.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static string? Mismatch(PSObject input, string? groupKey)
    {
        if (groupKey is null)
            return IsGroup(input) ? "It is the profile of a group; a user of the same id is somebody else." : null;
        if (IsUser(input))
            return "It is the profile of a user; a group of the same id is something else.";
        return GroupKey(input) is { } known && known != groupKey ? OtherKey(known, groupKey) : null;
    }

    /// <summary>Why a group of one kind is none of another.</summary>
    public static string OtherKey(string known, string groupKey) => $"It is a group of the key '{known}'; one of the key '{groupKey}' with the same id is another group.";

    /// <summary>Whether the object is the profile of a user, or what a job or remoting brought back of one.</summary>
    public static bool IsUser(PSObject input) => Is(input, typeof(UserProfile));

    /// <summary>Whether the object is the profile of a group, or what a job or remoting brought back of one.</summary>
    public static bool IsGroup(PSObject input) => Is(input, typeof(GroupProfile));

    /// <summary>The kind of group that an object says it is of: a profile, or a row that one was written to. Null when it does not say.</summary>
    public static string? GroupKey(PSObject input) => input.BaseObject switch
    {
        GroupProfile profile => profile.GroupKey,
        IDictionary row => row.Contains(nameof(GroupProfile.GroupId)) && row.Contains(nameof(GroupProfile.GroupKey)) ? Text(row[nameof(GroupProfile.GroupKey)]) : null,
        _ => input.Properties[nameof(GroupProfile.GroupId)] is null ? null : Text(input.Properties[nameof(GroupProfile.GroupKey)]?.Value),
    };

    // What Select-Object makes is the user's own object: it has the identifier that was chosen for it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Is(PSObject input, Type type) =>
        type.IsInstanceOfType(input.BaseObject) || (input.BaseObject is PSCustomObject && EngineView.TypeNames(input).Contains("Deserialized." + type.FullName));

    private static string? Text(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) is string { Length: > 0 } text ? text : null;
}
