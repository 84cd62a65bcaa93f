using ProfilesModule.Model;

namespace ProfilesModule.Sources.Columns;

/// <summary>What an empty cell of a file, or an empty value of an object, does to its property.</summary>
public enum EmptyCell
{
    /// <summary>Nothing: the property stays as it is.</summary>
    Skip,

    /// <summary>Sets it to null, which the service shows as not set.</summary>
    Null,

    /// <summary>Sets it to the empty text.</summary>
    Empty,

    /// <summary>Removes it from the profile.</summary>
    Unset,
}

/// <summary>The facts about each <see cref="EmptyCell"/>.</summary>
internal static class EmptyCellExtensions
{
    /// <summary>
    /// Whether it makes sense with an operation. A number cannot be null, a list has no properties, and what is set once is not
    /// removed.
    /// </summary>
    /// <param name="empty">What an empty cell does.</param>
    /// <param name="operation">The operation.</param>
    public static bool IsValidFor(this EmptyCell empty, Operation operation) => operation switch
    {
        Operation.Set => true,
        Operation.SetOnce => empty != EmptyCell.Unset,
        _ => empty == EmptyCell.Skip,
    };
}
