using System.Net;

namespace ProfilesModule.Server;

/// <summary>What the endpoints need to know of a request, apart from how it arrived.</summary>
internal sealed class EngageRequest
{
    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path without a slash at its end.</summary>
    public required string Path { get; init; }

    /// <summary>The decoded parameters of the query string.</summary>
    public required IReadOnlyDictionary<string, string> Query { get; init; }

    /// <summary>The media type without parameters, in lower case; empty when the request has none.</summary>
    public required string MediaType { get; init; }

    /// <summary>The Authorization header, or null.</summary>
    public required string? Authorization { get; init; }

    /// <summary>The body. Only valid while the request is being answered.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>When the request had arrived, UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    public static EngageRequest From(HttpListenerRequest request, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        // Not Uri.Query: Uri decodes some of the escapes and leaves others.
        string target = request.RawUrl ?? "/";
        int question = target.IndexOf('?', StringComparison.Ordinal);
        string path = (request.Url?.AbsolutePath ?? "/").TrimEnd('/');
        return new EngageRequest
        {
            Method = request.HttpMethod,
            Path = path.Length == 0 ? "/" : path,
            Query = FormFields.Parse(question < 0 ? "" : target[(question + 1)..]),
            MediaType = (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant(),
            Authorization = request.Headers["Authorization"],
            Body = body,
            ReceivedAt = receivedAt,
        };
    }
}
