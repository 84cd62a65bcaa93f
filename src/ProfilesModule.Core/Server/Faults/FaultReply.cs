using System.Text;

namespace ProfilesModule.Server;

/// <summary>The replies of the service and of what stands before it when something goes wrong, as far as they are known.</summary>
internal static class FaultReply
{
    // Source: official descriptions for 413 and 429 of updates, recorded traffic for the others.
    public static Reply Status(ServerFault fault, EngageRequest request)
    {
        Reply reply = (fault.Status, fault.Endpoint) switch
        {
            (402, _) => Reply.Json(402, writer => writer.WriteString("error", "Your plan does not allow API calls. Upgrade at mixpanel.com/pricing")),
            (413, _) => Reply.TooLarge($"request exceeds max limit of {RequestBody.MaximumLength} bytes"),
            (429, ServerFaultEndpoint.Query) => Reply.Json(429, writer =>
            {
                writer.WriteString("request", request.Path);
                writer.WriteString("error", "Query rate limit exceeded for project_id: 1. 1/5 queries running concurrently and 61/60 queries running in the last hour.");
            }),
            (429, _) => Reply.Json(429, writer =>
            {
                writer.WriteNumber("code", 429);
                writer.WriteString("error", "Project exceeded rate limits. Please retry the request with exponential backoff.");
                writer.WriteString("status", "Too Many Requests");
            }),
            ( >= 500, _) => new Reply(fault.Status, "upstream connect error or disconnect/reset before headers"u8.ToArray()) { ContentType = "text/plain" },
            _ => Reply.Error(fault.Status, $"fault on demand: {fault.Status}"),
        };
        return reply.With(fault.RetryAfter);
    }

    public static Reply Html() =>
        new(200, Encoding.UTF8.GetBytes("<html><head><title>Welcome</title></head><body>Please sign in to the network.</body></html>")) { ContentType = "text/html" };
}
