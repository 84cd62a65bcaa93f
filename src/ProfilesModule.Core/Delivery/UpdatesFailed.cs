using ProfilesModule.Model;

namespace ProfilesModule.Delivery;

/// <summary>Updates that failed together, for one cause.</summary>
/// <param name="Reason">The cause.</param>
/// <param name="StatusCode">The HTTP status code; 0 when there was no reply.</param>
/// <param name="Message">The service's text, or what went wrong.</param>
/// <param name="Updates">The updates.</param>
internal sealed record UpdatesFailed(FailureReason Reason, int StatusCode, string Message, IReadOnlyList<FailedUpdate> Updates);

/// <summary>An update whose outcome the user has to hear of.</summary>
/// <param name="Operation">What it was to do.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Row">Its row.</param>
internal sealed record FailedUpdate(Operation Operation, UpdateOrigin Origin, ShownRow Row);

/// <summary>Why updates failed.</summary>
internal enum FailureReason
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

/// <summary>What the user is told of a <see cref="FailureReason"/>.</summary>
internal static class FailureReasonFacts
{
    /// <summary>The ErrorId.</summary>
    /// <param name="reason">Why the update failed.</param>
    public static string ErrorId(this FailureReason reason) => reason switch
    {
        FailureReason.RejectedByService => "UpdateRejected",
        FailureReason.TooLargeForService => "UpdateTooLarge",
        FailureReason.OutcomeUnknown => "OutcomeUnknown",
        _ => "DeliveryFailed",
    };

    /// <summary>What is wrong, in words that the service's text, or what went wrong, completes.</summary>
    /// <param name="reason">Why the update failed.</param>
    public static string Explanation(this FailureReason reason) => reason switch
    {
        FailureReason.RejectedByService => "the service rejected the update",
        FailureReason.TooLargeForService => "the service rejected the update as too large",
        FailureReason.OutcomeUnknown => "it is unknown whether the update was applied, and sending it again could count it twice",
        _ => "not delivered",
    };
}
