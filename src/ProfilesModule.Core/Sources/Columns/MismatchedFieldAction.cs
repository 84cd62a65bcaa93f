namespace ProfilesModule.Sources.Columns;

/// <summary>What becomes of a row that has more or fewer fields than the header.</summary>
public enum MismatchedFieldAction
{
    /// <summary>It is refused.</summary>
    Reject,

    /// <summary>Fields that it lacks at its end are taken as empty; one with too many is refused.</summary>
    PadWithNulls,

    /// <summary>Fields that it has too many at its end are left out; one with too few is refused.</summary>
    TruncateExtra,

    /// <summary>Fields that it lacks are taken as empty, and fields that it has too many are left out.</summary>
    PadOrTruncate,
}
