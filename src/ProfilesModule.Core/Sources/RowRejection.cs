namespace ProfilesModule.Sources;

/// <summary>Why a row was refused before it was sent.</summary>
public enum RowFault
{
    /// <summary>The row has no distinct id.</summary>
    MissingIdentifier,

    /// <summary>What should be the distinct id of the row is a list or an object.</summary>
    InvalidIdentifier,

    /// <summary>The row has more or fewer fields than the header.</summary>
    FieldCountMismatch,

    /// <summary>The quotes of the row are not balanced.</summary>
    MalformedQuotes,

    /// <summary>The row of a reject file does not end as such a row does.</summary>
    RejectRowDamaged,

    /// <summary>The row is not text of the file's encoding.</summary>
    InvalidEncoding,

    /// <summary>A value is of a kind that a profile cannot hold.</summary>
    UnsupportedValue,

    /// <summary>The update is larger than a request may be.</summary>
    UpdateTooLarge,

    /// <summary>The object is of a kind that has no properties to set.</summary>
    UnsupportedObject,

    /// <summary>The object is a profile of another kind than the command is for.</summary>
    ProfileOfOtherKind,
}

/// <summary>A row that was refused before it was sent.</summary>
/// <param name="Fault">Why.</param>
/// <param name="Message">What is wrong, with the property where one is to blame.</param>
/// <param name="Remedy">What the user can do.</param>
public sealed record RowRejection(RowFault Fault, string Message, string Remedy);
