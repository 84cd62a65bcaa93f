namespace ProfilesModule.Sources;

/// <summary>What becomes of a file in which several columns have the same name.</summary>
public enum DuplicateHeaderAction
{
    /// <summary>It is not imported.</summary>
    Reject,

    /// <summary>The second column of a name gets the suffix _2, the third _3, and so on.</summary>
    Rename,
}
