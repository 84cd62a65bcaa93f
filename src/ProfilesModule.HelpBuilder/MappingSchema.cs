using System.Collections;
using System.Management.Automation;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProfilesModule.HelpBuilder;

/// <summary>
/// The JSON schema of mapping files, by which editors complete and check them: a member for each parameter that may stand there.
/// </summary>
internal static class MappingSchema
{
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of the schema.</summary>
    /// <param name="types">The types that declare parameters.</param>
    /// <param name="docs">What the parameters mean.</param>
    public static string Of(IEnumerable<Type> types, Documentation docs)
    {
        // What cmdlets share says best what a member means.
        var parameters = types.OrderBy(type => type.IsAssignableTo(typeof(Cmdlet))).ThenBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(type => type.GetProperties().Select(property => (Property: property, Mark: Mark(property))))
            .Where(parameter => parameter.Mark is not null)
            .DistinctBy(parameter => parameter.Property.Name)
            .OrderBy(parameter => parameter.Property.Name, StringComparer.Ordinal);
        var members = new JsonObject { ["$schema"] = new JsonObject { ["type"] = "string" } };
        foreach (var (property, mark) in parameters)
        {
            var member = Value(property, mark!);
            member["description"] = string.Join(' ', docs.Summary(property));
            members[char.ToLowerInvariant(property.Name[0]) + property.Name[1..]] = member;
        }

        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "A mapping file of ProfilesModule: what an import does with rows",
            ["type"] = "object",
            ["allowTrailingCommas"] = true,
            ["additionalProperties"] = false,
            ["properties"] = members,
        };
        return schema.ToJsonString(Readable) + "\n";
    }

    private static CustomAttributeData? Mark(PropertyInfo property) =>
        property.CustomAttributes.FirstOrDefault(attribute => attribute.AttributeType.Name == "MappingMemberAttribute");

    private static JsonObject Value(PropertyInfo property, CustomAttributeData mark)
    {
        var type = property.PropertyType;
        if (type == typeof(SwitchParameter))
            return new() { ["type"] = "boolean" };
        if (type == typeof(int))
            return new() { ["type"] = "integer", ["minimum"] = (int?)property.GetCustomAttribute<ValidateRangeAttribute>()?.MinRange };
        if (type == typeof(string[]))
            return new() { ["type"] = "array", ["minItems"] = 1, ["items"] = Text() };
        if (type == typeof(IDictionary))
        {
            var (values, pattern) = (Argument(mark, "Values") as Type, Argument(mark, "Pattern") as string);
            var value = values is null ? Text() : OneOf(Enum.GetNames(values));
            return new()
            {
                ["type"] = "object",
                ["additionalProperties"] = pattern is null
                    ? value
                    : new JsonObject { ["anyOf"] = new JsonArray(value, new JsonObject { ["type"] = "string", ["pattern"] = pattern }) },
            };
        }

        return type.IsEnum ? OneOf(property.GetCustomAttribute<ValidateSetAttribute>()?.ValidValues ?? Enum.GetNames(type))
            : type == typeof(char) ? new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 1 }
            : Text();
    }

    private static object? Argument(CustomAttributeData mark, string name) =>
        mark.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value;

    private static JsonObject Text() => new() { ["type"] = "string", ["minLength"] = 1 };

    private static JsonObject OneOf(IEnumerable<string> names) =>
        new() { ["enum"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) };
}
