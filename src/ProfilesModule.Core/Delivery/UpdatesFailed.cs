using ProfilesModule.Model;

using ProfilesModule.Rules;

namespace ProfilesModule.Delivery;

/// <summary>Updates that failed together, for one cause.</summary>
/// <param name="Id">The cause.</param>
/// <param name="StatusCode">The HTTP status code; 0 when there was no reply.</param>
/// <param name="Message">The service's text, or what went wrong.</param>
/// <param name="Updates">The updates.</param>
internal sealed record UpdatesFailed(ErrorId Id, int StatusCode, string Message, IReadOnlyList<FailedUpdate> Updates);

/// <summary>An update whose outcome the user has to hear of.</summary>
/// <param name="Operation">What it was to do.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Row">Its row.</param>
internal sealed record FailedUpdate(Operation Operation, UpdateOrigin Origin, ShownRow Row);

/// <summary>What is said of the causes for which updates fail.</summary>
internal static class Explanations
{
    /// <summary>What is wrong, in words that the service's text, or what went wrong, completes.</summary>
    public static string Explanation(this ErrorId id) => id switch
    {
        ErrorId.UpdateRejected => "the service rejected the update",
        ErrorId.UpdateTooLarge => "the service rejected the update as too large",
        ErrorId.OutcomeUnknown => "it is unknown whether the update was applied, and sending it again could count it twice",
        _ => "not delivered",
    };
}
