using System.Collections.ObjectModel;

namespace ProfilesModule;

/// <summary>
/// A list in a profile. PowerShell treats it like an array, and elements can also be added and removed in place. As text, such as
/// in a file that Export-Csv writes, it is its JSON.
/// </summary>
public sealed class PropertyList : Collection<object?>
{
    internal PropertyList(List<object?> elements)
        : base(elements)
    {
    }

    /// <summary>How many elements it has, by the name that arrays have for it.</summary>
    public int Length => Count;

    /// <summary>The list as JSON, as it would be sent.</summary>
    public override string ToString() => PropertyContainers.Json(this) ?? base.ToString()!;

    /// <summary>Adds an element.</summary>
    /// <param name="index">Where.</param>
    /// <param name="item">The element.</param>
    protected override void InsertItem(int index, object? item) => base.InsertItem(index, PropertyContainers.Of(item));

    /// <summary>Replaces an element.</summary>
    /// <param name="index">Which.</param>
    /// <param name="item">The new one.</param>
    protected override void SetItem(int index, object? item) => base.SetItem(index, PropertyContainers.Of(item));
}
