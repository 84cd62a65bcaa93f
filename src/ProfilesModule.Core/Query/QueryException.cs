using System.Text.Json;
using ProfilesModule.Wire;

namespace ProfilesModule.Query;

/// <summary>The query service refused a request, or could not be asked.</summary>
public sealed class QueryException : Exception
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

    internal static QueryException Failed(string message, Exception? inner) => new(message, 0, isTransient: true, inner);

    internal static QueryException Refused(int statusCode, ReadOnlyMemory<byte> body, TimeSpan? retryAfter) =>
        new(Text(body) ?? $"the service answered {statusCode}", statusCode, statusCode is 408 or 429 or >= 500, null)
        {
            RetryAfter = retryAfter,
        };

    private static string? Text(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String
                ? ServiceText.WithoutSecrets.Show(error.GetString()!)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
