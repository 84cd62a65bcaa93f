using System.Globalization;
using System.Security.Authentication;

namespace ProfilesModule.Wire;

/// <summary>Why no reply came.</summary>
internal sealed record NetworkFailure(string Message, bool MayHaveArrived)
{
    /// <summary>407 where a proxy asks who wants to connect, else 0.</summary>
    public int StatusCode { get; private init; }

    public bool IsCertificateRefused { get; private init; }

    /// <summary>Whether another attempt would fail alike.</summary>
    public bool IsFinal => IsCertificateRefused || StatusCode != 0;

    /// <summary>
    /// Explains an exception of the client; null for one that is not the network's. The limit is the one that was exceeded, if any.
    /// </summary>
    public static NetworkFailure? Of(Exception exception, TimeSpan? limit, Uri? proxy, ServiceText text)
    {
        var through = proxy is null ? "" : $" through the proxy {proxy.GetLeftPart(UriPartial.Authority)}";
        var message = text.Show(exception.GetBaseException().Message);
        return exception switch
        {
            OperationCanceledException when limit is { } exceeded =>
                new(string.Create(CultureInfo.InvariantCulture, $"no complete reply within {exceeded.TotalSeconds:0.#} s"),
                    MayHaveArrived: true),

            // The client's only limit of its own is that on connecting, which it reports as a cancellation.
            OperationCanceledException =>
                new($"cannot connect{through}: {text.Show(exception.InnerException?.Message ?? exception.Message)}", MayHaveArrived: false),
            HttpRequestException e when CertificateProblem(e) is { } problem =>
                new(problem, MayHaveArrived: false) { IsCertificateRefused = true },
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } e when IsUnauthorized(e) =>
                new(message, MayHaveArrived: false) { StatusCode = 407 },
            HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                    or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
            } => new($"cannot connect{through}: {message}", MayHaveArrived: false),
            HttpRequestException or IOException => new($"the connection failed: {message}", MayHaveArrived: true),
            _ => null,
        };
    }

    private static bool IsUnauthorized(HttpRequestException e) => e.GetBaseException().Message.Contains("'407'", StringComparison.Ordinal);

    /// <summary>What is wrong with the certificate of the service; null when the connection failed for another reason.</summary>
    private static string? CertificateProblem(HttpRequestException failure)
    {
        // .NET gives the reasons only in the text, as the names of SslPolicyErrors and X509ChainStatusFlags.
        if (failure.GetBaseException() is not AuthenticationException { Message: var text }
            || !text.Contains("certificate", StringComparison.Ordinal))
            return null;
        bool Has(string name) => text.Contains(name, StringComparison.Ordinal);
        return Has("RemoteCertificateNameMismatch") ? "the certificate was issued for another name, not for that of the endpoint"
            : Has("NotTimeValid") ? "the certificate has expired or is not valid yet, or the clock of this machine is wrong"
            : Has("UntrustedRoot") || Has("PartialChain") ? "the certificate was not issued by an authority that this machine trusts"
            : Has("Revo") ? "the certificate was revoked, or its revocation could not be checked"
            : Has("RemoteCertificate") ? "the certificate is not valid" : null;
    }
}
