using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;
using ProfilesModule.Rules;
using ProfilesModule.Sources;

namespace ProfilesModule;

/// <summary>Computes the cells of the table view and the hidden member Properties of a profile. Not for use in scripts.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class UserProfileView
{
    private static readonly string[] NameProperties = ["$name", "name"];
    private static readonly string[] EmailProperties = ["$email", "email"];

    /// <summary>All properties by exact name: the hidden member Properties.</summary>
    /// <param name="profile">A profile.</param>
    public static PropertyDictionary? Properties(PSObject profile) => (profile.BaseObject as ServiceProfile)?.Properties;

    /// <summary>The name of the user.</summary>
    /// <param name="profile">A profile.</param>
    public static string? Name(PSObject profile) => First(profile, NameProperties);

    /// <summary>The e-mail address of the user.</summary>
    /// <param name="profile">A profile.</param>
    public static string? Email(PSObject profile) => First(profile, EmailProperties);

    /// <summary>The properties without a column of their own.</summary>
    /// <param name="profile">A profile.</param>
    public static string Others(PSObject profile)
    {
        var properties = All(profile);
        string?[] shown = [Chosen(properties, NameProperties), Chosen(properties, EmailProperties)];
        return string.Join("; ", properties.Cast<DictionaryEntry>().Where(p => !shown.Contains(p.Key)).Select(p => $"{p.Key}={Text(p.Value)}"));
    }

    /// <summary>A list or an object of a profile as JSON.</summary>
    /// <param name="value">The list or object.</param>
    public static string? Json(PSObject value) => PropertyContainers.Json(value);

    private static string? First(PSObject profile, string[] names)
    {
        var properties = All(profile);
        return Chosen(properties, names) is { } name ? Text(properties[name]) : null;
    }

    private static string? Chosen(PropertyDictionary properties, string[] names) => names.FirstOrDefault(name => properties[name] is not null);

    /// <summary>The properties of a profile, or of a copy that a job, remoting or Import-Clixml returned.</summary>
    private static PropertyDictionary All(PSObject profile)
    {
        if (profile.BaseObject is ServiceProfile shown)
            return shown.Properties;
        var members = profile.Properties.Where(member => !ProfileFields.IsIdentifier(member.Name)
            && !ProfileFields.IsMetadata(member.Name));
        var properties = new PropertyDictionary(0);
        foreach (var member in members)
            properties[member.Name] = member.Value;
        return properties;
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        IDictionary dictionary => $"{{{Phrase.Count(dictionary.Count, "member")}}}",
        IList list => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.CurrentCulture) ?? "",
    };
}
