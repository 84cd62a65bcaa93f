using System.Collections;
using System.Data.Common;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Security;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProfilesModule.Commands;

/// <summary>The values of parameters as JSON, by which a journal knows that an import is continued as it was started.</summary>
internal static class ParameterValues
{
    // Files are noted one by one, and the limit may be another when an import continues.
    private static readonly string[] NotShaping =
    [
        nameof(ImportUserProfileCsvCommand.Path),
        nameof(ImportUserProfileCsvCommand.LiteralPath),
        nameof(ImportUserProfileCsvCommand.MaxParseErrors),
        nameof(ImportUserProfileCsvCommand.BackupPath),
    ];

    /// <summary>The values of the parameters of some names, and of all that the types of some objects declare.</summary>
    public static IReadOnlyDictionary<string, JsonNode?> Of(Cmdlet command, IEnumerable<string> names, IEnumerable<object> declaring)
    {
        var values = names.ToDictionary(name => name, name => Node(command.GetType().GetProperty(name)!.GetValue(command)));
        foreach (var parameters in declaring)
        {
            var properties = parameters.GetType().GetProperties()
                .Where(p => p.IsDefined(typeof(ParameterAttribute)) && !NotShaping.Contains(p.Name))
                .Where(p => parameters is not Cmdlet || p.DeclaringType == parameters.GetType());
            foreach (var property in properties)
                values[property.Name] = Node(property.GetValue(parameters));
        }

        return values;
    }

    /// <summary>The value of a parameter; null for none.</summary>
    internal static JsonNode? Node(object? value) => value switch
    {
        // What gives access to a database is no part of what is imported from it.
        null or SecureString or PSCredential or DbConnection => null,
        SwitchParameter isPresent => (bool)isPresent,
        Enum name => name.ToString(),
        Encoding encoding => encoding.WebName,
        CultureInfo culture => culture.Name,
        TimeZoneInfo zone => zone.Id,
        IDictionary map => new JsonObject(map.Cast<DictionaryEntry>()
            .Select(entry => KeyValuePair.Create(entry.Key.ToString()!, Node(entry.Value?.ToString())))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)),
        string text => text,
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Node)]),
        _ => JsonSerializer.SerializeToNode(value),
    };
}
