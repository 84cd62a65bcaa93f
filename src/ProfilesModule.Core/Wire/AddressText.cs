using System.Text.RegularExpressions;

namespace ProfilesModule.Wire;

/// <summary>Takes the user names and passwords out of the addresses in a text: those of a proxy stand in what .NET says of it.</summary>
public static partial class AddressText
{
    /// <summary>The text without them.</summary>
    /// <param name="text">Any text.</param>
    public static string WithoutUserInfo(string text) => text.Contains("://", StringComparison.Ordinal) ? UserInfo().Replace(text, "://") : text;

    [GeneratedRegex("""://[^\s/?#"'<>]*@""")]
    private static partial Regex UserInfo();
}
