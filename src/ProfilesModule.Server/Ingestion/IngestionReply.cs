using System.Text;
using ProfilesModule.Server.Http;

namespace ProfilesModule.Server.Ingestion;

/// <summary>Words the reply to a batch of updates as its request asked for it.</summary>
internal sealed class IngestionReply(IngestionRequest request)
{
    /// <summary>The valid records were applied.</summary>
    /// <param name="imported">How many are valid.</param>
    /// <param name="failures">The others.</param>
    public Reply Applied(int imported, IReadOnlyList<RecordFailure> failures)
    {
        if (!request.IsStrict)
            return Plain(200, imported > 0 ? null : failures[0].Message, request.IsVerbose);
        if (failures.Count > 0)
            return StrictError("some data points in the request failed validation", imported, failures);
        return WithCallback(Reply.Json(200, writer =>
        {
            writer.WriteNumber("code", 200);
            writer.WriteNumber("num_records_imported", imported);
            writer.WriteString("status", "OK");
        }));
    }

    /// <summary>The request has no records that can be read; nothing was applied.</summary>
    /// <param name="status">The HTTP status, which is 400 for strict requests.</param>
    /// <param name="message">What is wrong.</param>
    public Reply Unread(int status, string message) =>
        request.IsStrict ? StrictError(message, 0, []) : Plain(status, message, request.IsVerbose);

    /// <summary>The request is refused as a whole with status 0; nothing was applied.</summary>
    public Reply Refused(string message) => Plain(200, message, request.IsVerbose || request.IsStrict);

    private Reply Plain(int status, string? error, bool isVerbose)
    {
        if (!isVerbose)
            return WithCallback(new(status, error is null ? "1"u8.ToArray() : "0"u8.ToArray()));
        return WithCallback(Reply.Json(status, writer =>
        {
            writer.WriteString("error", error);
            writer.WriteNumber("status", error is null ? 1 : 0);
        }));
    }

    private Reply StrictError(string error, int imported, IReadOnlyList<RecordFailure> failures) => WithCallback(Reply.Json(400, writer =>
    {
        writer.WriteNumber("code", 400);
        writer.WriteString("error", error);
        if (failures.Count > 0)
        {
            writer.WriteStartArray("failed_records");
            foreach (var failure in failures)
            {
                writer.WriteStartObject();
                writer.WriteNumber("index", failure.Index);
                writer.WriteString(failure.IdName, failure.Id);
                writer.WriteString("field", failure.Field);
                writer.WriteString("message", failure.Message);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteNumber("num_records_imported", imported);
        writer.WriteString("status", "Bad Request");
    }));

    // A script that calls the function with the reply.
    private Reply WithCallback(Reply reply) => request.Callback is not { } callback ? reply : reply with
    {
        Body = Encoding.UTF8.GetBytes($"{callback}({Encoding.UTF8.GetString(reply.Body.Span)});"),
        ContentType = "text/javascript",
    };
}
