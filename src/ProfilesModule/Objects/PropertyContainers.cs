using System.Collections;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Diagnostics.CodeAnalysis;
using ProfilesModule.Wire;

namespace ProfilesModule;

/// <summary>
/// A list in a profile. PowerShell treats it like an array, and you can also add and remove elements in place. As text, for
/// example in a file from Export-Csv, it is JSON.
/// </summary>
public sealed class PropertyList : Collection<object?>
{
    internal PropertyList(List<object?> elements)
        : base(elements)
    {
    }

    /// <summary>The number of elements, as arrays name it.</summary>
    public int Length => Count;

    /// <summary>The list as the JSON that would be sent.</summary>
    public override string ToString() => PropertyContainers.Json(this) ?? base.ToString()!;

    /// <summary>Adds an element.</summary>
    /// <param name="index">The position.</param>
    /// <param name="item">The element.</param>
    protected override void InsertItem(int index, object? item) => base.InsertItem(index, PropertyContainers.Of(item));

    /// <summary>Replaces an element.</summary>
    /// <param name="index">The position.</param>
    /// <param name="item">The new element.</param>
    protected override void SetItem(int index, object? item) => base.SetItem(index, PropertyContainers.Of(item));
}

/// <summary>
/// An object in a profile, or all properties of a profile: an ordered dictionary with case-sensitive names. As text, for example
/// in a file from Export-Csv, it is JSON.
/// </summary>
[SuppressMessage("Design", "CA1010", Justification = "PowerShell supports ordered dictionaries by this type.")]
public sealed class PropertyDictionary : OrderedDictionary, IDictionary
{
    internal PropertyDictionary(int capacity)
        : base(capacity, StringComparer.Ordinal)
    {
    }

    /// <summary>The value of a member.</summary>
    /// <param name="key">The name of the member.</param>
    public new object? this[object key]
    {
        get => base[key];
        set => base[key] = PropertyContainers.Of(value);
    }

    /// <summary>The value of a member.</summary>
    /// <param name="index">The position of the member.</param>
    public new object? this[int index]
    {
        get => base[index];
        set => base[index] = PropertyContainers.Of(value);
    }

    /// <summary>Adds a member.</summary>
    /// <param name="key">The name of the member.</param>
    /// <param name="value">Its value.</param>
    public new void Add(object key, object? value) => base.Add(key, PropertyContainers.Of(value));

    internal void AddAsItIs(object key, object? value) => base.Add(key, value);

    /// <summary>The object as the JSON that would be sent.</summary>
    public override string ToString() => PropertyContainers.Json(this) ?? base.ToString()!;
}

/// <summary>Makes the lists and objects of profiles, from replies of the service and from values that a user sets.</summary>
internal sealed class PropertyContainers : JsonContainers
{
    // Deeper values are probably cycles, and are left as they are.
    private const int MaximumDepth = 32;

    // As deep as the parser of replies.
    private static readonly ValueWriter Writer = new(PipelineValues.Unwrap) { MaximumDepth = 128 };

    public static PropertyContainers Instance { get; } = new();

    public override object NewList(List<object?> elements) => new PropertyList(elements);

    public override OrderedDictionary NewObject(int capacity) => new PropertyDictionary(capacity);

    /// <summary>A list or an object as JSON; null if it contains a value that JSON does not support.</summary>
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

    /// <summary>Converts lists and dictionaries, also nested ones, to the types of profiles; other values stay as they are.</summary>
    public static object? Of(object? value, int depth = 0)
    {
        if (value is null or string or ValueType or PropertyList or PropertyDictionary || depth > MaximumDepth)
            return value;
        switch (PipelineValues.UnwrapIfPossible(value))
        {
            case (PropertyList or PropertyDictionary) and var converted:
                return converted;
            case IDictionary dictionary:
                var members = new PropertyDictionary(dictionary.Count);
                foreach (DictionaryEntry member in dictionary)
                    members.AddAsItIs(member.Key, Of(member.Value, depth + 1));
                return members;
            case IList list and not byte[]:
                return new PropertyList([.. list.Cast<object?>().Select(element => Of(element, depth + 1))]);
            default:
                return value;
        }
    }
}
