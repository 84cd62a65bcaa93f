using System.Net;

namespace ProfilesModule.Server.Http;

/// <summary>
/// Keeps out pages of other sites: a browser needs no permission to post a form here, or to show a picture whose address removes a
/// profile. Programs other than browsers send none of these headers.
/// </summary>
/// <param name="port">The port that the server listens on.</param>
/// <param name="allowed">The origins whose pages may send updates.</param>
internal sealed class BrowserGuard(int port, IReadOnlyList<string> allowed)
{
    private const string Scheme = "http://";

    /// <summary>
    /// The reply to a request that a browser sent for another site, or to ask whether it may send one; null for any other. Pages of an
    /// allowed origin may read what is replied.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="takesUpdates">Whether it is to a path that is open to the allowed origins.</param>
    public Reply? Check(HttpListenerContext context, bool takesUpdates)
    {
        var headers = context.Request.Headers;
        if (!IsOwnHost(headers["Host"], port))
            return Reply.Error(403, "the Host header does not name this server");
        if (headers["Origin"] is not { } origin)
        {
            return headers["Sec-Fetch-Site"] is null or "same-origin" or "none"
                ? null
                : Reply.Error(403, "the Sec-Fetch-Site header says that the request comes from another site");
        }

        if (takesUpdates && allowed.Contains(origin, StringComparer.OrdinalIgnoreCase))
            return Open(context, origin);
        return origin.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && IsOwnHost(origin[Scheme.Length..], port)
            ? null
            : Reply.Error(403, "the Origin header names another site");
    }

    /// <summary>
    /// Whether a Host header names this server; it is null in HTTP/1.0, which no browser sends. A page can make its own host name point
    /// here, and an IP address in a prefix of HttpListener does not keep it out everywhere: on Windows it matches any name.
    /// </summary>
    public static bool IsOwnHost(string? host, int port)
    {
        var suffix = $":{port}";
        var name = host?.EndsWith(suffix, StringComparison.Ordinal) == true ? host[..^suffix.Length] : host;
        return name is null or "127.0.0.1" || name.Equals("localhost", StringComparison.OrdinalIgnoreCase);
    }

    // Source: recorded traffic has these headers; the service allows any origin.
    private static Reply? Open(HttpListenerContext context, string origin)
    {
        var headers = context.Response.Headers;
        headers["Access-Control-Allow-Origin"] = origin;
        headers["Access-Control-Allow-Credentials"] = "true";
        headers["Vary"] = "Origin";
        if (context.Request.HttpMethod != "OPTIONS")
            return null;
        headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS";
        headers["Access-Control-Allow-Headers"] = context.Request.Headers["Access-Control-Request-Headers"] ?? "X-Requested-With";
        headers["Access-Control-Max-Age"] = "1728000";
        return new(204, default);
    }
}
