using ProfilesModule.Rules;

namespace ProfilesModule.Delivery;

/// <summary>The end of a run before its input's.</summary>
/// <param name="Id">Why.</param>
/// <param name="StatusCode">The HTTP status code; 0 when there was no reply.</param>
/// <param name="Message">The service's text, or what went wrong.</param>
internal sealed record DeliveryStop(ErrorId Id, int StatusCode, string Message)
{
    /// <summary>Whether the same run may fare better later: the service was down, asked to wait, or the time was over.</summary>
    public bool IsTemporary => Id is ErrorId.RetriesExhausted or ErrorId.TimeoutReached;
}
