using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using ProfilesModule.Wire;

namespace ProfilesModule.Server;

/// <summary>An answer: a status and a body, JSON unless it says otherwise.</summary>
internal sealed class Reply
{
    private readonly ReadOnlyMemory<byte> _body;

    public Reply(int status, ReadOnlyMemory<byte> body)
    {
        Status = status;
        _body = body;
    }

    public int Status { get; }

    /// <summary>The media type of the body.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>How long the client should wait before it tries again; null for no word about it.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>A reply with the JSON object whose members <paramref name="members"/> writes.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="members">Writes the members.</param>
    /// <param name="capacity">About how many bytes it will be.</param>
    public static Reply Json(int status, Action<Utf8JsonWriter> members, int capacity = 256)
    {
        var body = new ArrayBufferWriter<byte>(capacity);
        using var writer = new Utf8JsonWriter(body, EngageJson.Options);
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
        writer.Flush();
        return new Reply(status, body.WrittenMemory);
    }

    /// <summary>The form that the service gives to errors outside a batch: <c>{"error":"…","status":"error"}</c>.</summary>
    public static Reply Error(int status, string message) => Json(status, writer =>
    {
        writer.WriteString("error", message);
        writer.WriteString("status", "error");
    });

    /// <summary>413 as the service words it.</summary>
    public static Reply TooLarge(string message) => Json(413, writer =>
    {
        writer.WriteNumber("code", 413);
        writer.WriteString("error", message);
        writer.WriteString("status", "Request Entity Too Large");
    });

    /// <summary>The same reply with another <see cref="RetryAfter"/>.</summary>
    public Reply With(TimeSpan? retryAfter) => new(Status, _body) { ContentType = ContentType, RetryAfter = retryAfter };

    /// <summary>The same reply as a script that calls a function with it.</summary>
    public Reply As(string callback) => new(Status, (byte[])[.. Encoding.ASCII.GetBytes(callback), (byte)'(', .. _body.Span, (byte)')', (byte)';']) { ContentType = "text/javascript", RetryAfter = RetryAfter };

    /// <summary>414 as the web server before the service words it. Source: recorded traffic.</summary>
    public static Reply UriTooLong() =>
        new(414, "<html><head><title>414 Request-URI Too Large</title></head><body><center><h1>414 Request-URI Too Large</h1></center></body></html>"u8.ToArray()) { ContentType = "text/html" };

    /// <summary>200 with the first half of the body.</summary>
    public Reply Truncated() => new(200, _body[..(_body.Length / 2)]) { ContentType = ContentType };

    public async Task SendAsync(HttpListenerResponse response, CancellationToken cancellation)
    {
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.Headers["Cache-Control"] = "no-cache, no-store";
        if (Status == 401)
            response.Headers["WWW-Authenticate"] = "Basic realm=\"engage\"";
        if (RetryAfter is { } wait)
            response.Headers["Retry-After"] = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        response.ContentLength64 = _body.Length;
        await response.OutputStream.WriteAsync(_body, cancellation).ConfigureAwait(false);
        response.Close();
    }
}
