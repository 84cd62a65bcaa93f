namespace ProfilesModule.Server;

/// <summary>Words the reply to a batch of updates as its request asked for it.</summary>
internal sealed class IngestionReply
{
    private readonly IngestionParameters _parameters;

    public IngestionReply(IngestionParameters parameters) => _parameters = parameters;

    /// <summary>The valid records were applied.</summary>
    /// <param name="imported">How many are valid.</param>
    /// <param name="failures">The others.</param>
    public Reply Applied(int imported, IReadOnlyList<RecordFailure> failures)
    {
        if (!_parameters.Strict)
            return imported > 0 ? Verdict(200, null) : Verdict(200, failures[0].Message);
        if (failures.Count > 0)
            return StrictError("some data points in the request failed validation", imported, failures);
        return Called(Reply.Json(200, writer =>
        {
            writer.WriteNumber("code", 200);
            writer.WriteNumber("num_records_imported", imported);
            writer.WriteString("status", "OK");
        }));
    }

    /// <summary>The request carries no record.</summary>
    public Reply NothingSent()
    {
        const string message = "data, missing or empty";
        return _parameters.Strict ? StrictError(message, 0, []) : Verdict(200, message);
    }

    /// <summary>The request cannot be read; nothing was applied.</summary>
    public Reply Malformed(string message) => _parameters.Strict ? StrictError(message, 0, []) : Verdict(400, message);

    /// <summary>The request is refused as a whole with status 0; nothing was applied.</summary>
    public Reply Refused(string message) =>
        new IngestionReply(_parameters with { Verbose = _parameters.Verbose || _parameters.Strict }).Verdict(200, message);

    private Reply Verdict(int status, string? error)
    {
        if (!_parameters.Verbose)
            return Called(new Reply(status, error is null ? "1"u8.ToArray() : "0"u8.ToArray()));
        return Called(Reply.Json(status, writer =>
        {
            writer.WriteString("error", error);
            writer.WriteNumber("status", error is null ? 1 : 0);
        }));
    }

    private Reply Called(Reply reply) => _parameters.Callback is { } callback ? reply.As(callback) : reply;

    private Reply StrictError(string error, int imported, IReadOnlyList<RecordFailure> failures) => Called(Reply.Json(400, writer =>
    {
        writer.WriteNumber("code", 400);
        writer.WriteString("error", error);
        if (failures.Count > 0)
        {
            writer.WriteStartArray("failed_records");
            foreach (RecordFailure failure in failures)
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
}
