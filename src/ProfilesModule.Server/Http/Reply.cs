using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using ProfilesModule.Wire;

namespace ProfilesModule.Server.Http;

/// <summary>A request that cannot be answered as it was asked. The message goes into the reply.</summary>
internal sealed class BadRequestException(string message) : Exception(message)
{
    /// <summary>Where in an expression the problem is, from 0; null if it is not in one.</summary>
    public int? Position { get; init; }
}

/// <summary>An answer, whose body is JSON unless <see cref="ContentType"/> says otherwise.</summary>
internal sealed record Reply(int Status, ReadOnlyMemory<byte> Body)
{
    public string ContentType { get; init; } = "application/json";

    /// <summary>How long the client should wait before it tries again; null sends no such header.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Writes a body of any length in place of <see cref="Body"/>; null for that.</summary>
    public Func<Stream, CancellationToken, Task>? Content { get; init; }

    /// <summary>414 as the web server before the service words it. Source: recorded traffic.</summary>
    public static Reply UriTooLong { get; } = Html(
        414,
        "<html><head><title>414 Request-URI Too Large</title></head>"
        + "<body><center><h1>414 Request-URI Too Large</h1></center></body></html>");

    /// <summary>A JSON object whose members <paramref name="members"/> writes.</summary>
    public static Reply Json(int status, Action<Utf8JsonWriter> members, int capacity = 256)
    {
        var body = new ArrayBufferWriter<byte>(capacity);
        using var writer = new Utf8JsonWriter(body, EngageJson.Options);
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
        writer.Flush();
        return new(status, body.WrittenMemory);
    }

    public static Reply Html(int status, string page) => new(status, Encoding.UTF8.GetBytes(page)) { ContentType = "text/html" };

    /// <summary>The form that the service gives to errors outside a batch: <c>{"error":"…","status":"error"}</c>.</summary>
    public static Reply Error(int status, string message) => Json(status, writer =>
    {
        writer.WriteString("error", message);
        writer.WriteString("status", "error");
    });

    /// <summary>413 as the service words it.</summary>
    public static Reply TooLarge(int limit, string unit) =>
        Refused(413, $"request exceeds max limit of {limit} {unit}", "Request Entity Too Large");

    /// <summary>The form that the service gives to the refusal of a batch as a whole.</summary>
    public static Reply Refused(int code, string error, string status) => Json(code, writer =>
    {
        writer.WriteNumber("code", code);
        writer.WriteString("error", error);
        writer.WriteString("status", status);
    });

    public async Task SendAsync(HttpListenerResponse response, CancellationToken cancellation)
    {
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.Headers["Cache-Control"] = "no-cache, no-store";
        if (Status == 401)
            response.Headers["WWW-Authenticate"] = "Basic realm=\"engage\"";
        if (RetryAfter is { } wait)
            response.Headers["Retry-After"] = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in Headers)
            response.Headers[name] = value;
        if (Content is not null)
        {
            response.SendChunked = true;
            await Content(response.OutputStream, cancellation).ConfigureAwait(false);
        }
        else
        {
            response.ContentLength64 = Body.Length;
            await response.OutputStream.WriteAsync(Body, cancellation).ConfigureAwait(false);
        }

        response.Close();
    }
}
