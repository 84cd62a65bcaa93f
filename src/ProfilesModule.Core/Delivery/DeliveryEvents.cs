namespace ProfilesModule.Delivery;

/// <summary>
/// What a run tells while it goes on. The callbacks come from any thread, several at a time, and what they are given is
/// theirs to keep. The sender waits for each to return.
/// </summary>
internal sealed record DeliveryEvents
{
    /// <summary>A request was answered, or failed.</summary>
    public Action<BatchSent>? BatchSent { get; init; }

    /// <summary>A request will be repeated.</summary>
    public Action<Retrying>? Retrying { get; init; }

    /// <summary>Updates failed.</summary>
    public Action<UpdatesFailed>? UpdatesFailed { get; init; }

    /// <summary>An update was accepted.</summary>
    public Action<UpdateOrigin>? UpdateAccepted { get; init; }
}
