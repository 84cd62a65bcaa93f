using System.Collections;
using System.Collections.Specialized;
using System.Diagnostics.CodeAnalysis;

namespace ProfilesModule;

/// <summary>
/// An object in a profile, or all properties of one: an ordered dictionary that tells names apart by letter case. As text, such
/// as in a file that Export-Csv writes, it is its JSON.
/// </summary>
[SuppressMessage("Design", "CA1010", Justification = "What PowerShell does with ordered dictionaries it does by their own type.")]
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
    /// <param name="index">The index of the member.</param>
    public new object? this[int index]
    {
        get => base[index];
        set => base[index] = PropertyContainers.Of(value);
    }

    /// <summary>Adds a member.</summary>
    /// <param name="key">The name of the member.</param>
    /// <param name="value">Its value.</param>
    public new void Add(object key, object? value) => base.Add(key, PropertyContainers.Of(value));

    /// <summary>The object as JSON, as it would be sent.</summary>
    public override string ToString() => PropertyContainers.Json(this) ?? base.ToString()!;
}
