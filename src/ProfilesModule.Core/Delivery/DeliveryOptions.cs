using ProfilesModule.Model;

namespace ProfilesModule.Delivery;

/// <summary>How updates are delivered.</summary>
public sealed record DeliveryOptions
{
    /// <summary>The most updates in one request, 1 to 2,000. Default 200.</summary>
    public int BatchSize { get; init; } = Limits.DefaultBatchSize;

    /// <summary>The most requests at once. Default 4. Two updates of one profile are never in flight together, whatever this says.</summary>
    public int MaxConcurrency { get; init; } = 4;

    /// <summary>How often a failed request is tried again before the run ends. Default 5.</summary>
    public int MaximumRetryCount { get; init; } = 5;

    /// <summary>
    /// The longest wait before the first retry when the service does not ask for another; doubled for each one after, up to
    /// a minute. The wait itself is drawn from zero to that. Default 2 seconds, as the service recommends.
    /// </summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(2);
}
