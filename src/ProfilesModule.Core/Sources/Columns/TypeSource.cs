namespace ProfilesModule.Sources.Columns;

/// <summary>Who says what the cells of a column hold.</summary>
internal enum TypeSource
{
    /// <summary>Nobody: they are text.</summary>
    Default,

    /// <summary>The user.</summary>
    Declared,

    /// <summary>The first rows of the file.</summary>
    Inferred,
}
