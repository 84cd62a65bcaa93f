using System.Globalization;
using System.Management.Automation;
using ProfilesModule.Query;

namespace ProfilesModule;

/// <summary>Makes the objects that stand for profiles.</summary>
internal sealed class ProfileObject
{
    /// <summary>The property that the service keeps itself: when the profile was last updated.</summary>
    public const string LastSeen = "$last_seen";

    // What every object of this kind has already, from .NET or from PowerShell.
    private static readonly HashSet<string> Reserved = new(
        ["", .. typeof(UserProfile).GetMembers().Concat(typeof(GroupProfile).GetMembers()).Select(m => m.Name), nameof(ServiceProfile.Properties), "PSObject", "PSBase", "PSAdapted", "PSExtended", "PSTypeNames"],
        StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);
    private HashSet<string>? _reserved;
    private bool _warned;

    /// <summary>Hears of the first property that has no member of its own.</summary>
    public required Action<string> Warn { get; init; }

    /// <summary>Takes the time of the last update out of what the service returned: it keeps it itself, so it is no property to set.</summary>
    public static DateTime? TakeUpdatedAt(ProfileRecord record)
    {
        if (record.Properties[LastSeen] is not string text || !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var seen))
            return null;
        record.Properties.Remove(LastSeen);
        return seen;
    }

    public PSObject Create(ServiceProfile shown)
    {
        var profile = new PSObject(shown);
        var members = profile.Properties;

        // What the type is extended by (Update-TypeData) all profiles have. Asking PowerShell for each name of each would take as long as all the rest.
        _reserved ??= new(Reserved.Concat(members.Select(m => m.Name)), StringComparer.OrdinalIgnoreCase);

        // Members that are added come first; without these the identifier would be the last column of Export-Csv.
        foreach (var (name, value) in shown.Identity)
            members.Add(new FixedMember(name, value), preValidated: true);
        members.Add(new FixedMember(nameof(ServiceProfile.UpdatedAt), shown.UpdatedAt), preValidated: true);
        _taken.Clear();
        foreach (string name in shown.Properties.Keys)
        {
            if (_reserved.Contains(name) || !_taken.Add(name))
                WarnOnce(name);
            else
                members.Add(new PropertyMember(shown.Properties, name), preValidated: true);
        }

        return profile;
    }

    private void WarnOnce(string name)
    {
        if (_warned)
            return;
        _warned = true;
        Warn($"The property '{name}' has a name that another member of the object has already (letter case does not tell members apart). Read it as $profile.Properties['{name}']. Other properties may be hidden in the same way.");
    }
}
