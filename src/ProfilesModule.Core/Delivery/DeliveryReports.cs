using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>One request and its reply.</summary>
/// <param name="Batch">The number of the batch.</param>
/// <param name="First">The first update of the request.</param>
/// <param name="Last">The last update of the request.</param>
/// <param name="Updates">How many updates it carried.</param>
/// <param name="Bytes">The size of its body in bytes.</param>
/// <param name="Attempt">1 for the first attempt.</param>
/// <param name="Elapsed">From sending to the end of the reply.</param>
/// <param name="Verdict">What the reply means.</param>
public sealed record BatchSent(int Batch, UpdateOrigin First, UpdateOrigin Last, int Updates, int Bytes, int Attempt, TimeSpan Elapsed, Verdict Verdict);

/// <summary>A failed request that will be repeated.</summary>
/// <param name="Batch">The number of the batch.</param>
/// <param name="Retry">1 for the first retry.</param>
/// <param name="Delay">The wait before it.</param>
/// <param name="Reason">What went wrong.</param>
public sealed record Retrying(int Batch, int Retry, TimeSpan Delay, string Reason);

/// <summary>An update whose outcome the user has to hear of.</summary>
/// <param name="Origin">Where it came from.</param>
/// <param name="RawRow">Its row as it stood in its file; empty for an update that came from no file.</param>
public sealed record FailedUpdate(UpdateOrigin Origin, ReadOnlyMemory<byte> RawRow);

/// <summary>Updates that failed together, for one cause.</summary>
/// <param name="Reason">The cause.</param>
/// <param name="StatusCode">The HTTP status code; 0 when there was no reply.</param>
/// <param name="Message">The service's text, or what went wrong.</param>
/// <param name="Updates">The updates.</param>
public sealed record UpdatesFailed(FailureReason Reason, int StatusCode, string Message, IReadOnlyList<FailedUpdate> Updates);

/// <summary>Why updates failed.</summary>
public enum FailureReason
{
    /// <summary>The service refused the update.</summary>
    RejectedByService,

    /// <summary>The service takes no request that large.</summary>
    TooLargeForService,

    /// <summary>No attempt succeeded.</summary>
    RetriesExhausted,

    /// <summary>The update may have been applied, and would count twice if it were sent again.</summary>
    OutcomeUnknown,
}

/// <summary>Why a run ended before its input did.</summary>
public enum StopReason
{
    /// <summary>401: the service did not accept the credentials.</summary>
    Unauthorized,

    /// <summary>403: the service refused access.</summary>
    Forbidden,

    /// <summary>404: there is no engage service at the endpoint.</summary>
    NotFound,

    /// <summary>Another reply that no later request could better.</summary>
    RefusedByService,

    /// <summary>The service could not be reached, or failed, in every attempt.</summary>
    RetriesExhausted,

    /// <summary>The first updates were all refused with the same text: the cause is not the rows.</summary>
    EveryUpdateRejected,
}

/// <summary>The end of a run before its input's.</summary>
/// <param name="Reason">Why.</param>
/// <param name="StatusCode">The HTTP status code; 0 when there was no reply.</param>
/// <param name="Message">The service's text, or what went wrong.</param>
public sealed record DeliveryStop(StopReason Reason, int StatusCode, string Message);

/// <summary>
/// What a run tells while it goes on. The callbacks come from any thread, several at a time, and what they are given is
/// theirs to keep. The sender waits for each to return.
/// </summary>
public sealed record DeliveryEvents
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
