namespace ProfilesModule.Server;

/// <summary>The types of values in expressions.</summary>
internal enum WhereType
{
    /// <summary>A property that is missing, or the result of an operator on values it is not meant for.</summary>
    Undefined,

    /// <summary>JSON's null.</summary>
    Null,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A number, as a double.</summary>
    Number,

    /// <summary>Text.</summary>
    String,

    /// <summary>A list of values.</summary>
    List,

    /// <summary>A JSON object. Nothing but its being equal to another can be asked of it.</summary>
    Object,
}
