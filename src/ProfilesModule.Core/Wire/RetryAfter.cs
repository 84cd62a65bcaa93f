using System.Net.Http.Headers;

namespace ProfilesModule.Wire;

/// <summary>Reads the wait that a reply asks for, given in seconds or as a date.</summary>
internal static class RetryAfter
{
    /// <summary>The wait; null when there is none, or it is over already: that must not shorten the wait before a retry.</summary>
    public static TimeSpan? From(HttpResponseHeaders headers, TimeProvider time)
    {
        // A date is one of the service's clock, which its reply shows and this machine's need not agree with.
        var now = headers.Date ?? time.GetUtcNow();
        var wait = headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date is { } date ? date - now : null);
        return wait > TimeSpan.Zero ? wait : null;
    }
}
