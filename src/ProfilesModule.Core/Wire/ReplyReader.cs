using System.Text.Json;

namespace ProfilesModule.Wire;

/// <summary>Reads what a reply of <c>/engage</c> says about the updates of its request.</summary>
/// <remarks>
/// The service answers 200 both for success and for failure, so the body decides; what cannot be read is never success.
/// Source: official ingestion description, responses of /engage; the table in docs/architecture.md, "What each reply means".
/// </remarks>
public static class ReplyReader
{
    /// <summary>Reads a reply.</summary>
    /// <param name="statusCode">The HTTP status code.</param>
    /// <param name="body">The body, as far as it was read.</param>
    /// <param name="updates">How many updates the request carried.</param>
    /// <param name="retryAfter">The wait that the reply asked for, if any.</param>
    public static Verdict Read(int statusCode, ReadOnlyMemory<byte> body, int updates, TimeSpan? retryAfter = null)
    {
        var reply = ReplyBody.Parse(body);
        if (reply.Failed.Count > 0)
            return PartlyRejected(statusCode, reply, updates);
        return statusCode switch
        {
            200 => Success(reply, updates),
            400 => Refusal(400, reply, updates),
            413 => new(VerdictKind.TooLarge, statusCode, reply.Error ?? "the request is larger than the service accepts"),
            408 or 429 or >= 500 => new(VerdictKind.Transient, statusCode, reply.Error ?? $"the service answered {statusCode}")
            {
                MayHaveBeenApplied = statusCode != 429,
                RetryAfter = retryAfter,
            },
            >= 400 => new(VerdictKind.Fatal, statusCode, reply.Error ?? $"the service answered {statusCode}")
            {
                MayHaveBeenApplied = statusCode is not (401 or 403 or 404),
            },
            _ => Unreadable(statusCode, statusCode is >= 300 and < 400 ? "the service answered with a redirect" : $"the service answered {statusCode}, which is neither success nor failure"),
        };
    }

    private static Verdict Success(ReplyBody reply, int updates) => reply switch
    {
        { Status: 1, Imported: { } imported } when imported < updates => imported > 0
            ? Partial(200, imported, updates)
            : new(VerdictKind.NotApplied, 200, reply.Error ?? "the service imported nothing and did not say why"),
        { Status: 1 } => new(VerdictKind.Accepted, 200, ""),
        { Status: 0 } => Refusal(200, reply, updates),
        _ => Unreadable(200, "the reply is not one of the service"),
    };

    private static Verdict Refusal(int statusCode, ReplyBody reply, int updates) => reply.Imported switch
    {
        > 0 and var imported when imported < updates => Partial(statusCode, imported, updates),
        > 0 => Unreadable(statusCode, "the reply contradicts itself"),
        _ => new(VerdictKind.NotApplied, statusCode, reply.Error ?? "the service refused the request and did not say why"),
    };

    private static Verdict PartlyRejected(int statusCode, ReplyBody reply, int updates)
    {
        var located = new Dictionary<int, FailedRecord>();
        foreach (var failed in reply.Failed)
        {
            if (failed.Index < 0 || failed.Index >= updates || !located.TryAdd(failed.Index, failed))
                return updates == 1
                    ? new(VerdictKind.NotApplied, statusCode, failed.Message)
                    : new(VerdictKind.Partial, statusCode, failed.Message);
        }

        return new(VerdictKind.PartlyRejected, statusCode, reply.Error ?? "")
        {
            Failed = [.. located.Values],
            ExplainsTheRest = reply.Imported == updates - located.Count,
        };
    }

    private static Verdict Partial(int statusCode, int imported, int updates) =>
        new(VerdictKind.Partial, statusCode, $"the service imported {imported} of {updates} updates and did not say which");

    private static Verdict Unreadable(int statusCode, string message) =>
        new(VerdictKind.Transient, statusCode, message) { MayHaveBeenApplied = true };

    /// <summary>The parts of a body that decide; whatever is missing or of another kind is null.</summary>
    private readonly record struct ReplyBody(int? Status, string? Error, int? Imported, IReadOnlyList<FailedRecord> Failed)
    {
        private static readonly ReplyBody Nothing = new(null, null, null, []);

        public static ReplyBody Parse(ReadOnlyMemory<byte> body)
        {
            try
            {
                using var document = JsonDocument.Parse(body);
                var root = document.RootElement;
                return root.ValueKind switch
                {
                    JsonValueKind.Number => Nothing with { Status = Bit(root) },
                    JsonValueKind.Object => ParseObject(root),
                    _ => Nothing,
                };
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // The latter for a name that is no text: half a surrogate pair, or a broken UTF-8 sequence.
                return Nothing;
            }
            catch (InvalidOperationException)
            {
                // Well-formed JSON whose names or verdict are no text: bytes that are no UTF-8, or half of a surrogate pair.
                return Nothing;
            }
        }

        private static ReplyBody ParseObject(JsonElement root) => new(
            root.TryGetProperty("status", out var status) ? Bit(status) : null,
            Text(root, "error"),
            Number(root, "num_records_imported") ?? Number(root, "num_good_events"),
            root.TryGetProperty("failed_records", out var failed) && failed.ValueKind == JsonValueKind.Array
                ? [.. failed.EnumerateArray().Select(ParseFailed)]
                : []);

        // A reply of strict mode lists objects; strings without a position have been seen as well.
        private static FailedRecord ParseFailed(JsonElement failed) => failed.ValueKind == JsonValueKind.Object
            ? new(Number(failed, "index") ?? -1, Described(failed))
            : new(-1, Text(failed) ?? "the service refused the update");

        private static string Described(JsonElement failed)
        {
            var message = Text(failed, "message") ?? "the service refused the update";
            return Text(failed, "field") is { Length: > 0 } field && !message.Contains(field, StringComparison.Ordinal)
                ? $"{field}: {message}"
                : message;
        }

        private static int? Bit(JsonElement status) => status.ValueKind switch
        {
            JsonValueKind.Number when status.TryGetInt32(out var number) && number is 0 or 1 => number,
            JsonValueKind.String when status.ValueEquals("OK"u8) => 1,
            _ => null,
        };

        private static int? Number(JsonElement parent, string name) =>
            parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
                ? number
                : null;

        private static string? Text(JsonElement parent, string name) =>
            parent.TryGetProperty(name, out var value) ? Text(value) : null;

        // A text that cannot be read must not cost the verdict that stands beside it.
        private static string? Text(JsonElement value)
        {
            try
            {
                return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? ServiceText.Cut(text) : null;
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }
}
