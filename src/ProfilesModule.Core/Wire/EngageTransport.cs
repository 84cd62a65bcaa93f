using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Authentication;

namespace ProfilesModule.Wire;

/// <summary>Sends updates over HTTP to <c>/engage</c> or <c>/groups</c>.</summary>
/// <param name="http">The client of the connection.</param>
/// <param name="endpoint">The base address of ingestion, such as <c>https://api.mixpanel.com/</c>.</param>
/// <param name="attemptTimeout">How long one attempt may take, from its start to the last byte of the reply.</param>
/// <param name="time">The clock.</param>
/// <param name="forGroups">Whether the updates are of group profiles.</param>
internal sealed class EngageTransport(HttpClient http, Uri endpoint, TimeSpan attemptTimeout, TimeProvider time, bool forGroups = false) : IEngageTransport
{
    /// <summary>No reply of the service comes near this size in bytes; what does is not one.</summary>
    private const int MaximumReplyBytes = 1 << 20;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    // strict asks for a message per record, verbose for JSON, and without ip=0 the service places every profile where this machine stands.
    private readonly Uri _address = new(endpoint, (forGroups ? "groups" : "engage") + "?verbose=1&strict=1&ip=0");

    /// <summary>
    /// A client that makes a connection for each request, for those that could count twice; null to use the same as for all others.
    /// </summary>
    public HttpClient? FreshHttp { get; init; }

    /// <summary>The proxy that requests go through, for messages; null for none.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>What shows the texts of replies. Default: one that knows no secrets.</summary>
    public ServiceText Text { get; init; } = ServiceText.WithoutSecrets;

    /// <inheritdoc/>
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
                // Whoever is in between closed the connection while the request was on its way. That says nothing about the service.
                use.Learn();
                return await SendAsync(FreshHttp ?? http, body, updates, attempt.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return Failure(string.Create(CultureInfo.InvariantCulture, $"no complete reply within {attemptTimeout.TotalSeconds:0.#} s"), mayHaveBeenApplied: true);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            // The one limit that the client has of its own is that on connecting, which it reports as a cancellation.
            return Failure($"cannot connect{Through}: {Text.Show(e.InnerException?.Message ?? e.Message)}", mayHaveBeenApplied: false);
        }
        catch (HttpRequestException e)
        {
            return Failure(e);
        }
        catch (IOException e)
        {
            return Failure($"the connection failed: {Text.Show(e.Message)}", mayHaveBeenApplied: true);
        }
    }

    private async Task<Verdict> SendAsync(HttpClient client, ReadOnlyMemory<byte> body, int updates, CancellationToken attempt)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = Json;
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, attempt).ConfigureAwait(false);
        var reply = await BoundedBody.ReadAsync(response.Content, MaximumReplyBytes, attempt).ConfigureAwait(false);
        var verdict = ReplyReader.Read((int)response.StatusCode, reply, updates, RetryAfter.From(response.Headers, time), Text);
        return verdict.IsOfService ? verdict : verdict with { Message = ForeignReply.Describe(response, reply.Span, Proxy, Text) };
    }

    /// <summary>Whether a proxy asks who it is that wants to connect.</summary>
    internal static bool IsProxyUnauthorized(HttpRequestException e) =>
        e.HttpRequestError == HttpRequestError.ProxyTunnelError && e.GetBaseException().Message.Contains("'407'", StringComparison.Ordinal);

    private string Through => Proxy is null ? "" : $" through the proxy {Proxy.GetLeftPart(UriPartial.Authority)}";

    private Verdict Failure(HttpRequestException e)
    {
        var message = Text.Show(e.GetBaseException().Message);
        if (CertificateProblem.Describe(e) is { } problem)
            return new(VerdictKind.Fatal, 0, problem);
        if (IsProxyUnauthorized(e))
            return new(VerdictKind.Fatal, 407, message);
        return e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
            ? Failure($"cannot connect{Through}: {message}", mayHaveBeenApplied: false)
            : Failure($"the connection failed: {message}", mayHaveBeenApplied: true);
    }

    private static Verdict Failure(string message, bool mayHaveBeenApplied) =>
        new(VerdictKind.Transient, 0, message) { MayHaveBeenApplied = mayHaveBeenApplied };
}

/// <summary>Tells what is wrong with the certificate of a service, which no other attempt would better.</summary>
internal static class CertificateProblem
{
    /// <summary>What is wrong; null when a connection failed for another reason.</summary>
    /// <param name="failure">The failure to connect.</param>
    public static string? Describe(HttpRequestException failure)
    {
        // .NET gives the reasons only in the text, as the names of SslPolicyErrors and X509ChainStatusFlags.
        if (failure.GetBaseException() is not AuthenticationException { Message: var text } || !text.Contains("certificate", StringComparison.Ordinal))
            return null;
        bool Has(string name) => text.Contains(name, StringComparison.Ordinal);
        return Has("RemoteCertificateNameMismatch") ? "the certificate is one for another name than that of the endpoint"
            : Has("NotTimeValid") ? "the certificate has expired or is not valid yet, or the clock of this machine is wrong"
            : Has("UntrustedRoot") || Has("PartialChain") ? "the certificate was not issued by an authority that this machine trusts"
            : Has("Revo") ? "the certificate was revoked, or that could not be found out"
            : Has("RemoteCertificate") ? "the certificate is not valid" : null;
    }
}
