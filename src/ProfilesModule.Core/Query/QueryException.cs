using System.Globalization;

namespace ProfilesModule.Query;

/// <summary>The query service refused a request, or could not be asked.</summary>
internal sealed class QueryException : Exception
{
    private QueryException(string message, int statusCode, bool isTransient, Exception? inner)
        : base(message, inner)
    {
        StatusCode = statusCode;
        IsTransient = isTransient;
    }

    /// <summary>The HTTP status code; 0 when there was no reply.</summary>
    public int StatusCode { get; }

    /// <summary>Whether another attempt may succeed.</summary>
    public bool IsTransient { get; }

    /// <summary>How long the service asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Whether the service answered, and its pages were not all that the query has.</summary>
    public bool IsIncomplete { get; private init; }

    /// <summary>Whether the service answered; false when something on the way there did in its place.</summary>
    public bool IsOfService { get; private init; } = true;

    /// <summary>Whether there is no connection because the certificate was not accepted.</summary>
    public bool IsCertificateRefused { get; private init; }

    internal static bool MayPass(int statusCode) => statusCode is 408 or 429 or >= 500;

    internal static QueryException Incomplete(string message) => new(message, 0, isTransient: true, null) { IsIncomplete = true };

    /// <summary>The service knows nothing more of a query of which it has answered pages.</summary>
    internal static QueryException Lost(int page, string? error) =>
        new(string.Create(CultureInfo.InvariantCulture, $"the service no longer has the query, of which it was asked for page {page:N0}: {error ?? "it answered 400"}"), 400, isTransient: false, null) { IsIncomplete = true };

    internal static QueryException Failed(string message, Exception? inner) => new(message, 0, isTransient: true, inner);

    internal static QueryException Untrusted(string message, Exception inner) => new(message, 0, isTransient: false, inner) { IsCertificateRefused = true };

    internal static QueryException Foreign(int statusCode, string message, bool isTransient, TimeSpan? retryAfter) =>
        new(message, statusCode, isTransient, null) { IsOfService = false, RetryAfter = retryAfter };

    internal static QueryException Refused(int statusCode, string? error, TimeSpan? retryAfter) =>
        new(error ?? $"the service answered {statusCode}", statusCode, MayPass(statusCode), null) { RetryAfter = retryAfter };
}
