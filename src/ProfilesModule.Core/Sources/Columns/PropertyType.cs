namespace ProfilesModule.Sources.Columns;

/// <summary>What the cells of a column hold, and so what they become in a profile.</summary>
public enum PropertyType
{
    /// <summary>Text, as it is.</summary>
    Text,

    /// <summary>A number, exactly.</summary>
    Number,

    /// <summary>True or false: true/false, yes/no, on/off, 1/0, in any case.</summary>
    Boolean,

    /// <summary>A date, or a date and a time, which is sent in UTC.</summary>
    Date,

    /// <summary>A list of texts, set apart by a separator, or a JSON array.</summary>
    List,

    /// <summary>Any JSON.</summary>
    Json,

    /// <summary>A time in seconds since 1970, in UTC.</summary>
    UnixSeconds,

    /// <summary>A time in milliseconds since 1970, in UTC.</summary>
    UnixMilliseconds,
}
