using ProfilesModule.Model;

namespace ProfilesModule.Delivery;

/// <summary>How updates are delivered.</summary>
internal sealed record DeliveryOptions
{
    /// <summary>The most updates in one request, 1 to 2,000. Default 200.</summary>
    public int BatchSize { get; init; } = Limits.DefaultBatchSize;

    /// <summary>The most requests at once. Default 4. Two updates of one profile are never in flight together, whatever this says.</summary>
    public int MaxConcurrency { get; init; } = 4;

    /// <summary>The most updates a second, of all requests together; null for no limit. No request carries more than a second's worth.</summary>
    public int? MaxUpdatesPerSecond { get; init; }

    /// <summary>How often a failed request is tried again before the run ends. Default 5.</summary>
    public int MaximumRetryCount { get; init; } = 5;

    /// <summary>
    /// The wait before the first retry when the service does not ask for another; doubled for each one after, up to a minute.
    /// Up to a quarter is added at random. Default 2 seconds, as the service recommends.
    /// </summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether updates that would count twice are sent again all the same when it is unknown whether they were applied.</summary>
    public bool RetryAmbiguous { get; init; }

    /// <summary>
    /// How many rows may be refused, or how many batches in a row may fail in every attempt, before the run ends; null for
    /// any number of rows and no batch.
    /// </summary>
    public int? MaxFailure { get; init; }

    /// <summary>How many rows of files may be such that cannot be parsed, before the run ends; null for any number.</summary>
    public int? MaxParseErrors { get; init; }

    /// <summary>The longest that the run may take; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The most updates in one request, as it follows from the others.</summary>
    internal int UpdatesPerRequest => Math.Min(BatchSize, MaxUpdatesPerSecond ?? BatchSize);
}
