using System.Collections;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using ProfilesModule.Rules;

namespace ProfilesModule.Rows;

/// <summary>
/// Tells profiles of users and of groups apart. The same id can name a user, a company and a team, so a profile of one kind must
/// not be taken for a profile of another.
/// </summary>
internal static class ProfileNoun
{
    /// <summary>What a command for one group key, or for users (null), calls a profile.</summary>
    public static string Of(string? groupKey) => groupKey is null ? "profile" : $"{groupKey} profile";

    /// <summary>Why a command for one group key, or for users (null), cannot take an object; null if it can.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static string? Mismatch(PSObject input, string? groupKey)
    {
        if (groupKey is null)
            return IsGroup(input) ? "It is a group profile; a user with the same id is a different profile." : null;
        return IsUser(input)
            ? "It is a user profile; a group with the same id is a different profile."
            : Mismatch(GroupKey(input), groupKey);
    }

    /// <summary>The ids that a command for one group key, or for users (null), can take. Each other id is an error.</summary>
    public static IEnumerable<string> OfGroupKey(IEnumerable<ProfileId> ids, string? groupKey, Action<Failure> writeError)
    {
        foreach (var id in ids)
        {
            if (groupKey is not null && Mismatch(id.GroupKey, groupKey) is { } mismatch)
                writeError(Failures.OtherKind($"The profile '{id.Text}' was not changed. {mismatch}") with { Target = id.Text });
            else
                yield return id.Text;
        }
    }

    /// <summary>Whether an object is the profile of a user, or the copy of one that a job or remoting returned.</summary>
    public static bool IsUser(PSObject input) => Is(input, typeof(UserProfile));

    /// <summary>Whether an object is the profile of a group, or the copy of one that a job or remoting returned.</summary>
    public static bool IsGroup(PSObject input) => Is(input, typeof(GroupProfile));

    /// <summary>The group key that a profile, or a row with GroupId and GroupKey, states; otherwise, null.</summary>
    public static string? GroupKey(PSObject input) => input.BaseObject switch
    {
        GroupProfile profile => profile.GroupKey,
        IDictionary row => row.Contains(nameof(GroupProfile.GroupId)) && row.Contains(nameof(GroupProfile.GroupKey)) ? Text(row[nameof(GroupProfile.GroupKey)]) : null,
        _ => input.Properties[nameof(GroupProfile.GroupId)] is null ? null : Text(input.Properties[nameof(GroupProfile.GroupKey)]?.Value),
    };

    private static string? Mismatch(string? known, string groupKey) => known is null || known == groupKey
        ? null
        : $"It is a group with the key '{known}'; a group with the same id and the key '{groupKey}' is a different group.";

    // An object that Select-Object makes has another type name: it is the user's own, with the id that the user chose for it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Is(PSObject input, Type type) =>
        type.IsInstanceOfType(input.BaseObject)
            || (input.BaseObject is PSCustomObject && EngineView.TypeNames(input).Contains(DeserializedValue.Prefix + type.FullName));

    private static string? Text(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) is string { Length: > 0 } text ? text : null;
}
