using System.Globalization;
using System.Management.Automation;
using ProfilesModule.Query;

namespace ProfilesModule;

/// <summary>Makes the PowerShell object of a profile, with a member for each property.</summary>
internal sealed class ProfileObject
{
    /// <summary>The property that the service maintains: when the profile was last updated.</summary>
    public const string LastSeen = "$last_seen";

    // The members that every profile already has, from .NET or PowerShell.
    private static readonly HashSet<string> Reserved = new(
        ["", .. typeof(UserProfile).GetMembers().Concat(typeof(GroupProfile).GetMembers()).Select(m => m.Name), nameof(ServiceProfile.Properties), "PSObject", "PSBase", "PSAdapted", "PSExtended", "PSTypeNames"],
        StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);
    private HashSet<string>? _reserved;
    private bool _warned;

    /// <summary>Writes a warning about the first property that cannot have a member.</summary>
    public required Action<string> Warn { get; init; }

    /// <summary>Removes the time of the last update from the properties, because it cannot be set.</summary>
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

        // Members from Update-TypeData are the same for all profiles. Looking up each name in each profile would double the time.
        _reserved ??= new(Reserved.Concat(members.Select(m => m.Name)), StringComparer.OrdinalIgnoreCase);

        // Added members come before those of the type. Without these, the id would be the last column of Export-Csv.
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
        Warn($"The property '{name}' is hidden, because the object already has a member with this name "
            + $"(names of members are not case-sensitive). Read it as $profile.Properties['{name}']. "
            + "Other properties may be hidden for the same reason.");
    }
}

/// <summary>A read-only member, such as the id: setting it would not change the profile of the service.</summary>
internal sealed class FixedMember(string name, object? value) : PSNoteProperty(name, value)
{
    public override bool IsSettable => false;

    public override object? Value
    {
        get => base.Value;
        set => throw new SetValueException($"{Name} cannot be set. To change another profile, use the id parameter of the command. "
            + "The service sets the time of the last update itself.");
    }

    public override PSMemberInfo Copy() => new FixedMember(Name, Value);
}

/// <summary>The member of a property. It has no value of its own, so that setting it sets the property that is sent.</summary>
internal sealed class PropertyMember(PropertyDictionary properties, string name) : PSNoteProperty(name, null)
{
    public override object? Value
    {
        get => properties[Name];
        set => properties[Name] = value;
    }

    public override string TypeNameOfValue => Value?.GetType().FullName ?? typeof(object).FullName!;

    public override PSMemberInfo Copy() => new PropertyMember(properties, Name);

    public override string ToString() => $"{TypeNameOfValue} {Name}={Value}";
}
