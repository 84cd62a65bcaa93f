using System.Collections.Specialized;
using System.Web;

namespace ProfilesModule.Server;

/// <summary>Reads <c>application/x-www-form-urlencoded</c> text.</summary>
internal static class FormFields
{
    /// <summary>The fields by name; of several with one name the last.</summary>
    public static Dictionary<string, string> Parse(string text)
    {
        NameValueCollection parsed = HttpUtility.ParseQueryString(text);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < parsed.Count; i++)
        {
            if (parsed.GetKey(i) is { } name && parsed.GetValues(i) is [.., var value])
                fields[name] = value;
        }
        return fields;
    }
}
