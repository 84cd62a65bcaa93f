using System.Net.Http.Headers;

namespace ProfilesModule.Wire;

/// <summary>Carries one request body to the service.</summary>
internal interface IEngageTransport
{
    /// <summary>
    /// Sends a JSON array of records. It is repeatable where it may be sent twice without counting twice. Failures of the network
    /// are verdicts, not exceptions.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    Task<Verdict> SendAsync(ReadOnlyMemory<byte> body, int updates, bool isRepeatable, CancellationToken cancellation);
}

/// <summary>Sends updates over HTTP to <c>/engage</c> or <c>/groups</c>. The timeout of an attempt includes the whole reply.</summary>
internal sealed class EngageTransport(HttpClient http, Uri endpoint, TimeSpan attemptTimeout, TimeProvider time,
    bool forGroups = false) : IEngageTransport
{
    // No reply of the service comes near this size.
    private const int MaximumReplyBytes = 1 << 20;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    // strict asks for a message per record, verbose for JSON, and without ip=0 the service places every profile where this machine stands.
    private readonly Uri _address = new(endpoint, (forGroups ? "groups" : "engage") + "?verbose=1&strict=1&ip=0");

    /// <summary>
    /// A client that makes a connection for each request, for those that could count twice; null to use the same client for all.
    /// </summary>
    public HttpClient? FreshHttp { get; init; }

    /// <summary>The proxy that requests go through, for messages; null for none.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>What shows the texts of replies. Default: one that knows no secrets.</summary>
    public ServiceText Text { get; init; } = ServiceText.WithoutSecrets;

    public async Task<Verdict> SendAsync(ReadOnlyMemory<byte> body, int updates, bool isRepeatable, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(attemptTimeout, time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        using var use = ConnectionUse.Begin();
        try
        {
            try
            {
                return await SendAsync(isRepeatable ? http : FreshHttp ?? http, body, updates, attempt.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (isRepeatable && e is HttpRequestException or IOException && use.WasStale)
            {
                // A balancer closed the connection while the request was on its way. That says nothing about the service.
                use.Learn();
                return await SendAsync(FreshHttp ?? http, body, updates, attempt.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellation.IsCancellationRequested)
            && NetworkFailure.Of(e, timeout.IsCancellationRequested ? attemptTimeout : null, Proxy, Text) is { } failure)
        {
            var kind = failure.IsFinal ? VerdictKind.Fatal : VerdictKind.Transient;
            return new(kind, failure.StatusCode, failure.Message) { MayHaveBeenApplied = failure.MayHaveArrived };
        }
    }

    private async Task<Verdict> SendAsync(HttpClient client, ReadOnlyMemory<byte> body, int updates, CancellationToken attempt)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = Json;
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, attempt).ConfigureAwait(false);
        var reply = await BoundedBody.ReadAsync(response.Content, MaximumReplyBytes, null, attempt).ConfigureAwait(false);
        var verdict = ReplyReader.Read((int)response.StatusCode, reply, updates, RetryAfter.From(response.Headers, time), Text);
        return verdict.IsOfService ? verdict : verdict with { Message = ForeignReply.Describe(response, reply.Span, Proxy, Text) };
    }
}

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

/// <summary>Reads the body of a reply without trusting its length.</summary>
internal static class BoundedBody
{
    /// <summary>Reads a body of at most <paramref name="limit"/> bytes.</summary>
    /// <param name="content">The body.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="buffer">Takes the body, in place of what it holds; null for a new one.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="HttpRequestException">The body is longer, or the connection broke.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpContent content, int limit, GrowingBuffer? buffer, CancellationToken cancellation)
    {
        var start = await ReadStartAsync(content, limit + 1, buffer, cancellation).ConfigureAwait(false);
        return start.Length <= limit
            ? start
            : throw new HttpRequestException(FormattableString.Invariant($"the reply is longer than {limit:N0} bytes"));
    }

    /// <summary>Reads no more than the first <paramref name="limit"/> bytes or so of a body.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadStartAsync(
        HttpContent content, int limit, GrowingBuffer? buffer, CancellationToken cancellation)
    {
        buffer ??= new((content.Headers.ContentLength is { } length and >= 0 && length < limit ? (int)length : 4096) + 1);
        using var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        buffer.Truncate(0);
        int read;
        while (buffer.Length < limit && (read = await stream.ReadAsync(buffer.GetMemory(1), cancellation).ConfigureAwait(false)) > 0)
            buffer.Advance(read);
        return buffer.Written;
    }
}
