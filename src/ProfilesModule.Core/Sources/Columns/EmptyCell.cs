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
