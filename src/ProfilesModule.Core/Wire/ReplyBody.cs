using System.Text.Json;

namespace ProfilesModule.Wire;

/// <summary>What a reply says of its request's success as a whole.</summary>
internal enum ReplyStatus
{
    /// <summary>Nothing.</summary>
    Absent,

    /// <summary>1, or "OK" in strict mode. Source: official ingestion description, responses of /engage.</summary>
    Ok,

    /// <summary>0.</summary>
    Refused,

    /// <summary>A text such as "Bad Request", the name of an HTTP code.</summary>
    Named,

    /// <summary>Something that no description of the service has.</summary>
    Unknown,
}

/// <summary>The parts of a reply's body that decide.</summary>
internal readonly record struct ReplyBody
{
    private static readonly string[] Deciding = ["code", "status", "error", "num_records_imported", "num_good_events", "failed_records"];

    private static ReadOnlySpan<byte> Blanks => " \t\r\n"u8;

    /// <summary>Whether the body begins like an answer of the service: a JSON object, or a bare number.</summary>
    public bool IsOfService { get; private init; }

    public ReplyStatus Status { get; private init; }

    /// <summary>The text of the error; null when there is none.</summary>
    public string? Error { get; private init; }

    /// <summary>The code in the body; null when it has none.</summary>
    public int? Code { get; private init; }

    /// <summary>How many records were imported; null when the body does not say.</summary>
    public int? Imported { get; private init; }

    /// <summary>Whether the body has counts that cannot be: negative, not a whole number, or two that differ.</summary>
    public bool HasImpossibleCount { get; private init; }

    /// <summary>What the body lists as failed; -1 in place of a position that it does not give.</summary>
    public IReadOnlyList<FailedRecord> Failed { get; private init; }

    /// <summary>Whether a body begins as a JSON object does.</summary>
    public static bool IsObject(ReadOnlySpan<byte> body) => body.TrimStart(Blanks) is [(byte)'{', ..];

    /// <summary>Reads a body; one that is not the service's says nothing.</summary>
    public static ReplyBody Parse(ReadOnlyMemory<byte> body, ServiceText text)
    {
        var nothing = new ReplyBody { Failed = [], IsOfService = IsObject(body.Span) || body.Span.TrimStart(Blanks) is [>= (byte)'0' and <= (byte)'9', ..] };
        return Read(body, nothing, root => root.ValueKind switch
        {
            JsonValueKind.Number => nothing with { Status = StatusOf(root) },
            JsonValueKind.Object => ParseObject(root, text),
            _ => nothing,
        });
    }

    /// <summary>The members of a body that decide, as they stand there; for messages.</summary>
    public static string Shape(ReadOnlyMemory<byte> body, ServiceText text) =>
        Read(body, "", root => root.ValueKind == JsonValueKind.Object ? Members(root, text) : text.Show(root.GetRawText()));

    private static string Members(JsonElement root, ServiceText text) => string.Join(", ", Deciding
        .Where(name => root.TryGetProperty(name, out _))
        .Select(name => $"{name} {Shape(root.GetProperty(name), text)}"));

    private static T Read<T>(ReadOnlyMemory<byte> body, T otherwise, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter for a name that is not text: half a surrogate pair, or a broken UTF-8 sequence.
            return otherwise;
        }
    }

    private static string Shape(JsonElement value, ServiceText text) => value.ValueKind switch
    {
        JsonValueKind.Array => $"[{value.GetArrayLength()}]",
        JsonValueKind.String => $"'{Text(value, text)}'",
        _ => text.Show(value.GetRawText()),
    };

    private static ReplyBody ParseObject(JsonElement root, ServiceText text)
    {
        var (records, events) = (Count(root, "num_records_imported"), Count(root, "num_good_events"));
        var failed = root.TryGetProperty("failed_records", out var list) && list.ValueKind == JsonValueKind.Array ? list : default;
        return new()
        {
            IsOfService = true,
            Status = root.TryGetProperty("status", out var status) ? StatusOf(status) : ReplyStatus.Absent,
            Error = Text(root, "error", text),
            Code = root.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) ? number : null,
            Imported = records ?? events,
            HasImpossibleCount = records < 0 || events < 0 || (records is not null && events is not null && records != events),
            Failed = failed.ValueKind == JsonValueKind.Array ? [.. failed.EnumerateArray().Select(record => ParseFailed(record, text))] : [],
        };
    }

    private static ReplyStatus StatusOf(JsonElement status) => status.ValueKind switch
    {
        JsonValueKind.Null => ReplyStatus.Absent,
        JsonValueKind.Number when status.TryGetInt32(out var number) && number == 1 => ReplyStatus.Ok,
        JsonValueKind.Number when status.TryGetInt32(out var number) && number == 0 => ReplyStatus.Refused,
        JsonValueKind.String when status.ValueEquals("OK"u8) => ReplyStatus.Ok,
        JsonValueKind.String when !status.ValueEquals("0"u8) && !status.ValueEquals("1"u8) => ReplyStatus.Named,
        _ => ReplyStatus.Unknown,
    };

    /// <summary>A count; -1 for one that cannot be, null where there is none.</summary>
    private static int? Count(JsonElement parent, string name) => !parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null
        ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number : -1;

    // A reply of strict mode lists objects; strings without a position have been seen as well.
    private static FailedRecord ParseFailed(JsonElement failed, ServiceText text) => failed.ValueKind == JsonValueKind.Object
        ? new(Count(failed, "index") ?? -1, Described(failed, text))
        : new(-1, Text(failed, text) ?? "the service refused the update");

    private static string Described(JsonElement failed, ServiceText text)
    {
        var message = Text(failed, "message", text) ?? "the service refused the update";
        return Text(failed, "field", text) is { Length: > 0 } field && !message.Contains(field, StringComparison.Ordinal)
            ? $"{field}: {message}"
            : message;
    }

    private static string? Text(JsonElement parent, string name, ServiceText text) =>
        parent.TryGetProperty(name, out var value) ? Text(value, text) : null;

    // A text that cannot be read must not cost the verdict that stands beside it.
    private static string? Text(JsonElement value, ServiceText text)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } said ? text.Show(said) : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
