namespace ProfilesModule.Delivery;

/// <summary>Why and how long nothing is sent.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Left">How long until the next request.</param>
public readonly record struct DeliveryWait(WaitReason Reason, TimeSpan Left);

/// <summary>Why a run waits.</summary>
public enum WaitReason
{
    /// <summary>The service asked for it.</summary>
    RetryAfter,

    /// <summary>A request failed, and waits for its next attempt.</summary>
    Retry,

    /// <summary>The user allows no more updates a second.</summary>
    RateLimit,
}
