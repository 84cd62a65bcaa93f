using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace ProfilesModule.Rows;

/// <summary>Remembers of ids that were taken from objects which kind of group they are of: a parameter of text cannot say it.</summary>
internal static class GroupIds
{
    private static readonly ConditionalWeakTable<string, string> Keys = [];

    /// <summary>An id that its kind of group is known of.</summary>
    /// <param name="id">The id.</param>
    /// <param name="groupKey">The kind of group; null when the object does not say.</param>
    public static string Of(string id, string? groupKey)
    {
        if (groupKey is null || id.Length == 0)
            return id;

        // A text of its own: the same one may be somebody else's too.
        var own = new string(id.AsSpan());
        Keys.Add(own, groupKey);
        return own;
    }

    /// <summary>The ids that are of a kind of group, or of which it is not known.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="groupKey">The kind of group.</param>
    /// <param name="writeError">Hears of every other.</param>
    public static string[] OfKind(string[] ids, string groupKey, Action<ErrorRecord> writeError)
    {
        var kept = new List<string>(ids.Length);
        foreach (var id in ids)
        {
            if (Keys.TryGetValue(id, out var known) && known != groupKey)
                writeError(Errors.ProfileOfOtherKind(ProfileNoun.OtherKey(known, groupKey), id));
            else
                kept.Add(id);
        }

        return [.. kept];
    }
}
