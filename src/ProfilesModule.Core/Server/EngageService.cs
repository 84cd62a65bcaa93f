using System.Globalization;

namespace ProfilesModule.Server;

/// <summary>What an <see cref="EngageServer"/> answers, apart from how requests arrive: leads each to its endpoint.</summary>
internal sealed class EngageService : IDisposable
{
    private readonly GroupTypes _groupTypes;
    private readonly DelayedReads _reads;
    private readonly IngestionEndpoint _ingestion;
    private readonly QueryEndpoint _query;

    /// <param name="options">What is let in.</param>
    /// <param name="store">Holds the profiles; outlives the service.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public EngageService(EngageServerOptions options, IProfileStore store, TimeProvider time)
    {
        options.Validate();
        _groupTypes = new GroupTypes(options.GroupTypes);
        var keys = new ProfileKeys(_groupTypes, options.Aliases);
        var cohorts = new Cohorts(options.Cohorts);
        _reads = new DelayedReads(store, options.ReadDelay, time);
        _ingestion = new IngestionEndpoint(store, _reads, keys, options.Token);
        _query = new QueryEndpoint(_reads, cohorts, options, time);
    }

    /// <summary>How many updates have been applied.</summary>
    public long UpdateCount => _ingestion.UpdateCount;

    /// <summary>The data group id of a group key, or null if the project does not know the key.</summary>
    public string? FindDataGroupId(string groupKey) => _groupTypes.Find(groupKey)?.ToString(CultureInfo.InvariantCulture);

    /// <summary>The endpoint that a request is for, or null if nothing answers it.</summary>
    public static ServerFaultEndpoint? EndpointOf(EngageRequest request) => request.Method is "POST" or "GET" ? EndpointOf(request.Path) : null;

    /// <summary>The endpoint that a path is of, or null if nothing answers there.</summary>
    /// <param name="path">The path without a slash at its end.</param>
    public static ServerFaultEndpoint? EndpointOf(string path) => path switch
    {
        "/engage" or "/groups" => ServerFaultEndpoint.Ingestion,
        "/api/query/engage" or "/api/2.0/engage" => ServerFaultEndpoint.Query,
        _ => null,
    };

    public async Task<Reply> AnswerAsync(EngageRequest request, CancellationToken cancellation) => EndpointOf(request) switch
    {
        ServerFaultEndpoint.Ingestion =>
            await _ingestion.HandleAsync(request, request.Path == "/groups" ? ProfileKind.Group : ProfileKind.User, cancellation).ConfigureAwait(false),
        ServerFaultEndpoint.Query => _query.Handle(request),
        _ => Reply.Error(404, $"nothing answers {request.Method} {request.Path}"),
    };

    public void Dispose()
    {
        _query.Dispose();
        _reads.Dispose();
        _ingestion.Dispose();
    }
}
