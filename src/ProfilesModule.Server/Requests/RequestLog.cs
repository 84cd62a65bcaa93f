using ProfilesModule.Server.Faults;
using ProfilesModule.Server.Http;

namespace ProfilesModule.Server.Requests;

/// <summary>A request to the service, and what was answered.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="ReceivedAt">When all of it was there, UTC.</param>
/// <param name="Method">Its method.</param>
/// <param name="Address">Its path and query string.</param>
internal sealed record LoggedRequest(long Number, DateTimeOffset ReceivedAt, string Method, string Address)
{
    /// <summary>Its body.</summary>
    public required LoggedText Body { get; init; }

    /// <summary>The status of the reply; null if the connection was cut.</summary>
    public required int? Status { get; init; }

    /// <summary>The body of the reply.</summary>
    public required LoggedText Reply { get; init; }

    /// <summary>How long the answer took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The fault that hit it; null if none did.</summary>
    public required ServerFault? Fault { get; init; }
}

/// <summary>The beginning of a body, so that a thousand of them stay small.</summary>
internal readonly record struct LoggedText
{
    private const int MaximumLength = 16 * 1024;

    public LoggedText(ReadOnlyMemory<byte> body) =>
        (Start, Length) = (body[..Math.Min(body.Length, MaximumLength)].ToArray(), body.Length);

    /// <summary>The first bytes.</summary>
    public ReadOnlyMemory<byte> Start { get; }

    /// <summary>The length of the whole body in bytes.</summary>
    public int Length { get; }
}

/// <summary>The last thousand requests to the service. Safe for use by several threads at once.</summary>
internal sealed class RequestLog
{
    private const int MaximumCount = 1000;

    private readonly Queue<LoggedRequest> _requests = new();
    private long _last;

    /// <summary>The requests after a number, the latest last.</summary>
    public IReadOnlyList<LoggedRequest> After(long number)
    {
        lock (_requests)
            return [.. _requests.Where(request => request.Number > number)];
    }

    /// <summary>Adds a request; null for the reply if the connection was cut.</summary>
    public void Add(EngageRequest request, Reply? reply, ServerFault? fault, TimeSpan elapsed)
    {
        var body = new LoggedText(request.Body);
        var answer = new LoggedText(reply?.Body ?? default);
        lock (_requests)
        {
            if (_requests.Count == MaximumCount)
                _requests.Dequeue();
            _requests.Enqueue(new(++_last, request.ReceivedAt, request.Method, request.Address)
            {
                Body = body,
                Status = reply?.Status,
                Reply = answer,
                Elapsed = elapsed,
                Fault = fault,
            });
        }
    }

    /// <summary>Forgets all requests.</summary>
    public void Clear()
    {
        lock (_requests)
            _requests.Clear();
    }
}
