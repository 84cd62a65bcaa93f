using System.Globalization;
using System.Net.Http.Headers;

namespace ProfilesModule.Wire;

/// <summary>Sends updates over HTTP to <c>/engage</c> or <c>/groups</c>.</summary>
/// <param name="http">The client of the connection.</param>
/// <param name="endpoint">The base address of ingestion, such as <c>https://api.mixpanel.com/</c>.</param>
/// <param name="attemptTimeout">How long one attempt may take, from its start to the last byte of the reply.</param>
/// <param name="time">The clock.</param>
/// <param name="forGroups">Whether the updates are of group profiles.</param>
public sealed class EngageTransport(HttpClient http, Uri endpoint, TimeSpan attemptTimeout, TimeProvider time, bool forGroups = false) : IEngageTransport
{
    /// <summary>No reply of the service comes near this size in bytes; what does is not one.</summary>
    private const int MaximumReplyBytes = 1 << 20;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    // strict asks for a message per record, verbose for JSON, and without ip=0 the service places every profile where this machine stands.
    private readonly Uri _address = new(endpoint, (forGroups ? "groups" : "engage") + "?verbose=1&strict=1&ip=0");

    /// <inheritdoc/>
    public async Task<Verdict> SendAsync(ReadOnlyMemory<byte> body, int updates, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(attemptTimeout, time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ReadOnlyMemoryContent(body) };
            request.Content.Headers.ContentType = Json;
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, attempt.Token).ConfigureAwait(false);
            var reply = await BoundedBody.ReadAsync(response.Content, MaximumReplyBytes, attempt.Token).ConfigureAwait(false);
            return ReplyReader.Read((int)response.StatusCode, reply, updates, RetryAfter.From(response.Headers, time));
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return Failure(string.Create(CultureInfo.InvariantCulture, $"no complete reply within {attemptTimeout.TotalSeconds:0.#} s"), mayHaveBeenApplied: true);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            // The one limit that the client has of its own is that on connecting, which it reports as a cancellation.
            return Failure($"cannot connect: {e.InnerException?.Message ?? e.Message}", mayHaveBeenApplied: false);
        }
        catch (HttpRequestException e)
        {
            var neverSent = e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
            return Failure(neverSent ? $"cannot connect: {e.GetBaseException().Message}" : $"the connection failed: {e.GetBaseException().Message}", !neverSent);
        }
        catch (IOException e)
        {
            return Failure($"the connection failed: {e.Message}", mayHaveBeenApplied: true);
        }
    }

    private static Verdict Failure(string message, bool mayHaveBeenApplied) =>
        new(VerdictKind.Transient, 0, message) { MayHaveBeenApplied = mayHaveBeenApplied };
}
