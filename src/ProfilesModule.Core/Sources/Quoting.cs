namespace ProfilesModule.Sources;

/// <summary>What lets a field hold the delimiter and line breaks.</summary>
internal enum Quoting
{
    /// <summary>Quotes around the field, as in RFC 4180.</summary>
    Quotes,

    /// <summary>A backslash before each of them; quotes are text.</summary>
    Backslashes,

    /// <summary>Nothing: no field can hold them, and quotes are text.</summary>
    None,
}
