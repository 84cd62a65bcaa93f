using System.Collections.Specialized;

namespace ProfilesModule.Wire;

/// <summary>Makes what JSON lists and objects are read as: arrays, and ordered dictionaries that tell names apart by letter case.</summary>
public class JsonContainers
{
    /// <summary>These.</summary>
    public static JsonContainers Plain { get; } = new();

    /// <summary>Makes a list.</summary>
    /// <param name="elements">Its elements, which nobody else keeps.</param>
    public virtual object NewList(List<object?> elements) => elements.ToArray();

    /// <summary>Makes an object, to which members will be added.</summary>
    /// <param name="capacity">About how many.</param>
    public virtual OrderedDictionary NewObject(int capacity) => new(capacity, StringComparer.Ordinal);
}
