using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using ProfilesModule.Rules;

namespace ProfilesModule.Mapping;

/// <summary>Turns the values of a mapping file into those of parameters, as PowerShell would convert and check their arguments.</summary>
/// <param name="path">The path of the file, for errors.</param>
/// <param name="entry">The member.</param>
/// <param name="property">The parameter.</param>
internal sealed class MappingValue(string path, MappingEntry entry, PropertyInfo property)
{
    /// <summary>The value of the parameter.</summary>
    /// <exception cref="FailureException">The parameter cannot have the value.</exception>
    public object Converted()
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type == typeof(SwitchParameter) ? new SwitchParameter(entry.Node.Value as bool? ?? throw Wrong("true or false"))
            : type == typeof(string[]) ? Texts()
            : type == typeof(IDictionary) ? Table()
            : type == typeof(int) ? Number()
            : type.IsEnum ? Name(type)
            : Other(type, Text(entry.Node, "a text"));
    }

    private string[] Texts() => entry.Node.Value is IReadOnlyList<MappingNode> { Count: > 0 } elements
        ? [.. elements.Select(element => Text(element, "a list of texts"))]
        : throw Wrong("a list of texts");

    private Hashtable Table()
    {
        const string needed = "an object whose members are texts";
        if (entry.Node.Value is not IReadOnlyList<MappingEntry> members)
            throw Wrong(needed);
        var table = new Hashtable(StringComparer.Ordinal);
        foreach (var member in members)
            table.Add(member.Name, Text(member.Node, needed));
        return table;
    }

    private object Number()
    {
        var range = property.GetCustomAttribute<ValidateRangeAttribute>();
        return entry.Node.Value is double number && double.IsInteger(number) && number is >= int.MinValue and <= int.MaxValue
            && (range is null || ((int)range.MinRange <= number && number <= (int)range.MaxRange))
            ? (int)number
            : throw Wrong(range is { MinRange: 0 } ? "a whole number from 0" : "a whole number");
    }

    private object Name(Type type)
    {
        IEnumerable<string> names = property.GetCustomAttribute<ValidateSetAttribute>()?.ValidValues ?? Enum.GetNames(type);
        var needed = $"one of {string.Join(", ", names)}";
        var text = Text(entry.Node, needed);
        return names.Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse(type, text, ignoreCase: true) : throw Wrong(needed);
    }

    private object Other(Type type, string text)
    {
        try
        {
            object value = text;
            foreach (var conversion in property.GetCustomAttributes<ArgumentTransformationAttribute>())
                value = conversion.Transform(null!, value);
            return LanguagePrimitives.ConvertTo(value, type, CultureInfo.InvariantCulture);
        }
        catch (ArgumentTransformationMetadataException e)
        {
            throw new FailureException(Failures.MappingValueRefused(path, entry.Line, entry.Name, e.Message));
        }
        catch (PSInvalidCastException)
        {
            throw Wrong(type == typeof(char) ? "a single character" : "the name of a culture");
        }
    }

    private string Text(MappingNode node, string needed) =>
        node.Value is string { Length: > 0 } text ? text : throw Wrong(needed, node.Line);

    private FailureException Wrong(string needed, int? line = null) =>
        new(Failures.MappingValueWrong(path, line ?? entry.Node.Line, entry.Name, needed));
}
