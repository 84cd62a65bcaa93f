using System.Collections;
using System.Collections.Specialized;
using ProfilesModule.Rows;
using ProfilesModule.Wire;

namespace ProfilesModule;

/// <summary>Makes the lists and objects of profiles, of what the service returns and of what a user sets.</summary>
internal sealed class PropertyContainers : JsonContainers
{
    /// <summary>Deeper values than this are taken for a cycle, and stay what they are.</summary>
    private const int MaximumDepth = 32;

    // As deep as the reader of what the service returns.
    private static readonly ValueWriter Writer = new(PipelineValues.Unwrap) { MaximumDepth = 128 };

    public static PropertyContainers Instance { get; } = new();

    public override object NewList(List<object?> elements) => new PropertyList(elements);

    public override OrderedDictionary NewObject(int capacity) => new PropertyDictionary(capacity);

    /// <summary>A list or an object as JSON; null when something in it has none.</summary>
    public static string? Json(object container)
    {
        try
        {
            return Writer.Text(container);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>A value to be kept in a profile: a list or an object as one of ours, also inside others, any other as it is.</summary>
    /// <param name="value">The value, as PowerShell gives it.</param>
    public static object? Of(object? value) => Of(value, 0);

    private static object? Of(object? value, int depth)
    {
        if (value is null or string or ValueType or PropertyList or PropertyDictionary || depth > MaximumDepth)
            return value;
        switch (PipelineValues.Unwrap(value))
        {
            case (PropertyList or PropertyDictionary) and var ours:
                return ours;
            case IDictionary dictionary:
                var members = new PropertyDictionary(dictionary.Count);
                foreach (DictionaryEntry member in dictionary)
                    members.Add(member.Key, Of(member.Value, depth + 1));
                return members;
            case IList list and not byte[]:
                return new PropertyList([.. list.Cast<object?>().Select(element => Of(element, depth + 1))]);
            default:
                return value;
        }
    }
}
