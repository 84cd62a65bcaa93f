using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using ProfilesModule.Query;

namespace ProfilesModule;

/// <summary>Makes the objects that <c>Get-UserProfile</c> writes.</summary>
internal sealed class UserProfileObject
{
    private const string LastSeen = "$last_seen";

    // What every object of this kind has already, from .NET or from PowerShell.
    private static readonly HashSet<string> Reserved = new(
        ["", .. typeof(UserProfile).GetMembers().Select(m => m.Name), "PSObject", "PSBase", "PSAdapted", "PSExtended", "PSTypeNames"],
        StringComparer.OrdinalIgnoreCase);

    private bool _warned;

    /// <summary>Hears of the first property that has no member of its own.</summary>
    public required Action<string> Warn { get; init; }

    public PSObject Create(ProfileRecord record)
    {
        DateTime? updatedAt = null;
        if (record.Properties[LastSeen] is string text && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var seen))
        {
            updatedAt = seen;
            record.Properties.Remove(LastSeen);
        }

        return Create(record.DistinctId, updatedAt, record.Properties);
    }

    public PSObject Create(string distinctId, DateTime? updatedAt, OrderedDictionary properties)
    {
        var profile = new PSObject(new UserProfile(distinctId, updatedAt, properties));

        // Members that are added come first; without these two the identifier would be the last column of Export-Csv.
        profile.Properties.Add(new FixedMember(nameof(UserProfile.DistinctId), distinctId), preValidated: true);
        profile.Properties.Add(new FixedMember(nameof(UserProfile.UpdatedAt), updatedAt), preValidated: true);
        foreach (DictionaryEntry property in properties)
        {
            var name = (string)property.Key;
            if (Reserved.Contains(name) || profile.Properties[name] is not null)
                WarnOnce(name);
            else
                profile.Properties.Add(new PropertyMember(properties, name), preValidated: true);
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
