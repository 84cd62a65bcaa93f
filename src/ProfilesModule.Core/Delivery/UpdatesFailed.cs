using ProfilesModule.Model;

namespace ProfilesModule.Delivery;

/// <summary>Updates that failed together, for one cause.</summary>
/// <param name="Reason">The cause.</param>
/// <param name="StatusCode">The HTTP status code; 0 when there was no reply.</param>
/// <param name="Message">The service's text, or what went wrong.</param>
/// <param name="Updates">The updates.</param>
public sealed record UpdatesFailed(FailureReason Reason, int StatusCode, string Message, IReadOnlyList<FailedUpdate> Updates);

/// <summary>An update whose outcome the user has to hear of.</summary>
/// <param name="Operation">What it was to do.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="RawRow">Its row as it stood in its file; empty for an update that came from no file.</param>
public sealed record FailedUpdate(Operation Operation, UpdateOrigin Origin, ReadOnlyMemory<byte> RawRow);

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
