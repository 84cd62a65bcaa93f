using System.Text.Json;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Columns;

/// <summary>The properties that the columns of a file make, in the order of their first columns; those of an object inside it.</summary>
internal sealed class PropertyTree(string name, int column)
{
    public JsonEncodedText Name { get; } = EngageJson.Encode(name);

    /// <summary>The hash of its name.</summary>
    public ulong NameHash { get; } = ProfileHash.Of(EngageJson.Encode(name).EncodedUtf8Bytes);

    /// <summary>What it is held to, when it is a property of the profile and not of an object.</summary>
    public PropertyRules Rules { get; } = PropertyRules.Of(name);

    /// <summary>The index in the list of columns; -1 for an object.</summary>
    public int Column => column;

    public List<PropertyTree> Members { get; } = [];

    /// <summary>Makes the tree; a property whose name is also that of an object has that name twice, which the caller rules out.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="expandsNames">Whether dots in names make objects.</param>
    public static PropertyTree Of(IReadOnlyList<CsvColumn> columns, bool expandsNames)
    {
        var root = new PropertyTree("", -1);
        var objects = new Dictionary<string, PropertyTree>(StringComparer.Ordinal);
        for (var i = 0; i < columns.Count; i++)
        {
            var parts = expandsNames ? Path(columns[i].Property) : [columns[i].Property];
            var parent = root;
            for (var depth = 0; depth < parts.Length - 1; depth++)
            {
                var path = string.Join('.', parts[..(depth + 1)]);
                if (!objects.TryGetValue(path, out var next))
                {
                    objects.Add(path, next = new(parts[depth], -1));
                    parent.Members.Add(next);
                }

                parent = next;
            }

            parent.Members.Add(new(parts[^1], i));
        }

        return root;
    }

    /// <summary>
    /// The names from a property down to one inside it. If a name would be empty, the dots are text and not a path, as in "Co.".
    /// </summary>
    public static string[] Path(string name)
    {
        var parts = name.Split('.');
        return parts.Contains("") ? [name] : parts;
    }
}
