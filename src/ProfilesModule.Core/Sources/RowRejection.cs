namespace ProfilesModule.Sources;

/// <summary>What is wrong with a row, or with a property of it. Each breaks a rule of the <see cref="Rules.RuleTable"/>.</summary>
internal enum RowFault
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

    /// <summary>What stands in place of an object is no JSON, or no object.</summary>
    MalformedJson,

    /// <summary>Two members of an object would be the same property.</summary>
    DuplicateProperty,

    /// <summary>A value is of a kind that a profile cannot hold.</summary>
    UnsupportedValue,

    /// <summary>The update is larger than a request may be.</summary>
    UpdateTooLarge,

    /// <summary>The object is of a kind that has no properties to set.</summary>
    UnsupportedObject,

    /// <summary>The object is a profile of another kind than the command is for.</summary>
    ProfileOfOtherKind,

    /// <summary>The row has more properties than a profile may have.</summary>
    TooManyProperties,

    /// <summary>The distinct id is a placeholder such as null or unknown.</summary>
    PlaceholderIdentifier,

    /// <summary>The distinct id has blanks before or behind it.</summary>
    IdentifierWithBlanks,

    /// <summary>The distinct id is longer than 255 bytes.</summary>
    IdentifierTooLong,

    /// <summary>The service allows no property of that name.</summary>
    ForbiddenName,

    /// <summary>The name of the property is longer than 255 characters.</summary>
    NameTooLong,

    /// <summary>The property has the name of a field of the request.</summary>
    RequestFieldName,

    /// <summary>The service sets the property itself.</summary>
    ServiceKeptName,

    /// <summary>The property has a name as the service's own have, and the service knows none such.</summary>
    UnknownReservedName,

    /// <summary>The service has a reserved property for what the name says.</summary>
    UnreservedName,

    /// <summary>The text is no e-mail address.</summary>
    InvalidEmail,

    /// <summary>The phone number does not begin with +.</summary>
    PhoneWithoutCountryCode,

    /// <summary>The text is no phone number.</summary>
    InvalidPhone,

    /// <summary>The text is no address of a picture.</summary>
    InvalidAvatar,

    /// <summary>The text is no date as the service reads it.</summary>
    InvalidCreated,

    /// <summary>The text is no country code of two letters.</summary>
    InvalidCountryCode,

    /// <summary>The text is no IANA name of a time zone.</summary>
    UnknownTimeZone,

    /// <summary>A text is what .NET leaves in place of a list or an object.</summary>
    LostValue,

    /// <summary>A text is longer than 255 bytes.</summary>
    TextTooLong,

    /// <summary>A list is larger than 256 KB.</summary>
    ListTooLarge,

    /// <summary>An object is larger than 256 KB.</summary>
    ObjectTooLarge,

    /// <summary>An object has more than 255 keys.</summary>
    TooManyKeys,

    /// <summary>Objects or lists are nested deeper than the service allows.</summary>
    NestedTooDeep,
}

/// <summary>A row that was refused before it was sent.</summary>
/// <param name="Fault">Why.</param>
/// <param name="Message">What is wrong, with the property where one is to blame.</param>
/// <param name="Remedy">What the user can do.</param>
internal sealed record RowRejection(RowFault Fault, string Message, string Remedy)
{
    /// <summary>The property, or the column of the identifier, that is to blame; null when the whole row is.</summary>
    public string? Property { get; init; }
}
