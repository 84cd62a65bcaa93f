namespace ProfilesModule.Server;

/// <summary>Whose profiles a request updates, which decides the fields that name them.</summary>
internal enum ProfileKind
{
    /// <summary><c>/engage</c>: <c>$distinct_id</c>.</summary>
    User,

    /// <summary><c>/groups</c>: <c>$group_key</c> and <c>$group_id</c>.</summary>
    Group,
}
