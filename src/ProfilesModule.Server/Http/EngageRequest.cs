using System.Net;
using System.Web;
using ProfilesModule.Wire;

namespace ProfilesModule.Server.Http;

/// <summary>Answers the requests to some of the server's paths.</summary>
internal interface IEngageRoute
{
    /// <param name="path">The path without a slash at its end.</param>
    bool IsAt(string path);

    /// <summary>Answers a GET or POST request to one of the paths.</summary>
    Task<Reply> AnswerAsync(EngageRequest request, CancellationToken cancellation);
}

/// <summary>A request that has arrived, for the routes.</summary>
/// <param name="request">The request.</param>
/// <param name="body">Its body.</param>
/// <param name="receivedAt">When all of it was there, UTC.</param>
internal sealed class EngageRequest(HttpListenerRequest request, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
{
    public string Method { get; } = request.HttpMethod;

    /// <summary>The path without a slash at its end.</summary>
    public string Path { get; } = request.Url?.AbsolutePath.TrimEnd('/') is { Length: > 0 } path ? path : "/";

    /// <summary>The path and the query string, as they came.</summary>
    public string Address => request.RawUrl ?? Path;

    /// <summary>The decoded parameters of the query string. Not from Uri.Query, which decodes only some of the escapes.</summary>
    public IReadOnlyDictionary<string, string> Query { get; } = ParseForm(request.RawUrl?.Split('?', 2) is [_, var query] ? query : "");

    /// <summary>The media type without parameters, in lower case; empty when the request has none.</summary>
    public string MediaType { get; } = (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    public string? Authorization { get; } = request.Headers["Authorization"];

    /// <summary>A header; null if the request does not have it.</summary>
    public string? Header(string name) => request.Headers[name];

    public ReadOnlyMemory<byte> Body => body;

    public DateTimeOffset ReceivedAt => receivedAt;

    /// <summary>The fields of <c>application/x-www-form-urlencoded</c> text; of several with one name the last.</summary>
    public static Dictionary<string, string> ParseForm(string text)
    {
        var parsed = HttpUtility.ParseQueryString(text);
        return parsed.AllKeys.OfType<string>().ToDictionary(name => name, name => parsed.GetValues(name)![^1], StringComparer.Ordinal);
    }
}

/// <summary>Reads the body of a request up to the limit of the service.</summary>
internal static class RequestBody
{
    /// <summary>The most bytes a body may have: 2 MiB.</summary>
    public const int MaximumLength = 2 * 1024 * 1024;

    // A body that is announced and does not come takes no more memory than this.
    private const int FirstLength = 64 * 1024;

    // A client that is still sending takes an early reply for a broken connection, so the rest is read, up to a point.
    private const long MaximumDrain = 64L * 1024 * 1024;

    /// <returns>The body; null if it is longer than <see cref="MaximumLength"/>.</returns>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpListenerRequest request, CancellationToken cancellation)
    {
        if (!request.HasEntityBody)
            return ReadOnlyMemory<byte>.Empty;
        var body = new GrowingBuffer(FirstLength);
        long length = 0;
        int read;
        var input = request.InputStream;
        while (length < MaximumDrain && (read = await input.ReadAsync(body.GetMemory(), cancellation).ConfigureAwait(false)) > 0)
        {
            length += read;
            if (length <= MaximumLength)
                body.Advance(read);
        }

        return length > MaximumLength ? (ReadOnlyMemory<byte>?)null : body.Written;
    }
}
