namespace ProfilesModule.Server;

/// <summary>Which requests a <see cref="ServerFault"/> hits.</summary>
public enum ServerFaultEndpoint
{
    /// <summary>Updates: <c>/engage</c> and <c>/groups</c>.</summary>
    Ingestion,

    /// <summary>Queries: <c>/api/query/engage</c> and <c>/api/2.0/engage</c>.</summary>
    Query,
}
