using System.Collections;
using System.Collections.Specialized;
using System.ComponentModel;
using System.Globalization;
using System.Management.Automation;

namespace ProfilesModule;

/// <summary>Computes what PowerShell shows of a profile beside its members: the cells of the table view, and Properties. Not for scripts.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class UserProfileView
{
    private static readonly string[] NameProperties = ["$name", "name"];
    private static readonly string[] EmailProperties = ["$email", "email"];

    /// <summary>Every property by its exact name; the hidden member Properties of a profile.</summary>
    /// <param name="profile">A profile.</param>
    public static OrderedDictionary? Properties(PSObject profile) => (profile.BaseObject as ServiceProfile)?.Properties;

    /// <summary>The name of the user.</summary>
    /// <param name="profile">A profile.</param>
    public static string? Name(PSObject profile) => First(profile, NameProperties);

    /// <summary>The e-mail address of the user.</summary>
    /// <param name="profile">A profile.</param>
    public static string? Email(PSObject profile) => First(profile, EmailProperties);

    /// <summary>The properties that have no column of their own.</summary>
    /// <param name="profile">A profile.</param>
    public static string Others(PSObject profile)
    {
        var shown = profile.BaseObject as ServiceProfile;
        var others = shown?.Properties.Cast<DictionaryEntry>().Where(p => !IsShown((string)p.Key, profile)) ?? [];
        return string.Join("; ", others.Select(p => $"{p.Key}={Text(p.Value)}"));
    }

    private static bool IsShown(string name, PSObject profile) =>
        name == Chosen(profile, NameProperties) || name == Chosen(profile, EmailProperties);

    private static string? First(PSObject profile, string[] names) =>
        Chosen(profile, names) is { } name ? Text(((ServiceProfile)profile.BaseObject).Properties[name]) : null;

    private static string? Chosen(PSObject profile, string[] names) =>
        profile.BaseObject is ServiceProfile shown ? names.FirstOrDefault(name => shown.Properties[name] is not null) : null;

    private static string Text(object? value) => value switch
    {
        null => "null",
        IDictionary dictionary => $"{{{Errors.Count(dictionary.Count, "member")}}}",
        IList list => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.CurrentCulture) ?? "",
    };
}
