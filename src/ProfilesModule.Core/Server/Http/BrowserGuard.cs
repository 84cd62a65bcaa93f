using System.Net;

namespace ProfilesModule.Server;

/// <summary>
/// Keeps pages of a browser out that are not of this server: they need no permission to post a form here, or to show a picture whose
/// address removes a profile. Programs other than browsers send none of these headers.
/// </summary>
/// <param name="port">The port that the server listens on.</param>
/// <param name="allowed">The origins whose pages may send updates.</param>
internal sealed class BrowserGuard(int port, IReadOnlyList<string> allowed)
{
    /// <summary>What is wrong with where a request comes from; null when nothing is.</summary>
    public Reply? Check(HttpListenerRequest request, ServerFaultEndpoint? endpoint)
    {
        if (!LoopbackListener.IsOwnHost(request.Headers["Host"], port))
            return Reply.Error(403, "the Host header does not name this server");
        if (request.Headers["Origin"] is { } origin)
        {
            if (!LoopbackListener.IsOwnOrigin(origin, port) && !IsAllowed(origin, endpoint))
                return Reply.Error(403, "the Origin header names another site");
        }
        else if (request.Headers["Sec-Fetch-Site"] is not (null or "same-origin" or "none"))
        {
            return Reply.Error(403, "the Sec-Fetch-Site header says that another site asks");
        }
        return null;
    }

    /// <summary>Lets a page of an allowed origin read the reply, and answers what a browser asks before it sends.</summary>
    public Reply? Open(HttpListenerContext context, ServerFaultEndpoint? endpoint)
    {
        if (context.Request.Headers["Origin"] is not { } origin || !IsAllowed(origin, endpoint))
            return null;

        // Source: recorded traffic has these; the service allows any origin.
        context.Response.Headers["Access-Control-Allow-Origin"] = origin;
        context.Response.Headers["Access-Control-Allow-Credentials"] = "true";
        context.Response.Headers["Vary"] = "Origin";
        if (context.Request.HttpMethod != "OPTIONS")
            return null;
        context.Response.Headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS";
        context.Response.Headers["Access-Control-Allow-Headers"] = context.Request.Headers["Access-Control-Request-Headers"] ?? "X-Requested-With";
        context.Response.Headers["Access-Control-Max-Age"] = "1728000";
        return new Reply(204, default);
    }

    private bool IsAllowed(string origin, ServerFaultEndpoint? endpoint) => endpoint == ServerFaultEndpoint.Ingestion && allowed.Contains(origin, StringComparer.OrdinalIgnoreCase);
}
