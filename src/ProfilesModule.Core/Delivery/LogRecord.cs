using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProfilesModule.Delivery;

/// <summary>A line of a log, as it is read. <see cref="DeliveryLog"/> writes them.</summary>
internal sealed record LogRecord
{
    /// <summary>The first line of a run. Its counts are those of earlier runs of the journal.</summary>
    public const string Start = "start";

    /// <summary>The run began another file of its input.</summary>
    public const string NextSource = "source";

    /// <summary>A request was answered, or failed.</summary>
    public const string Request = "request";

    /// <summary>The last line of a run, with its account.</summary>
    public const string End = "end";

    public string Event { get; init; } = "";

    /// <summary>Tells the run from every other.</summary>
    public string Run { get; init; } = "";

    /// <summary>The number of the line in its run, so that a copy of it does not count.</summary>
    public long N { get; init; }

    public DateTimeOffset Time { get; init; }

    public string? Endpoint { get; init; }

    public string? GroupKey { get; init; }

    public string? Source { get; init; }

    public int? Partition { get; init; }

    public int? PartitionCount { get; init; }

    public string? RejectPath { get; init; }

    /// <summary>Whether the import may be started again if it does not come to its end.</summary>
    public bool MayStartAgain { get; init; }

    public long Read { get; init; }

    public long Accepted { get; init; }

    public long Unchanged { get; init; }

    public long Rejected { get; init; }

    public long Skipped { get; init; }

    public long Unknown { get; init; }

    public long Unsent { get; init; }

    public long Removed { get; init; }

    public long Requests { get; init; }

    public long Retries { get; init; }

    public long Bytes { get; init; }

    /// <summary>Of a request: its rows.</summary>
    public long Rows { get; init; }

    public int Attempt { get; init; }

    public string? Outcome { get; init; }

    public string? Stop { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>Whether the counts explain the rows.</summary>
    [JsonIgnore]
    public bool IsConsistent => Run is { Length: > 0 } && N > 0
        && new[] { Accepted, Unchanged, Rejected, Skipped, Unknown, Unsent, Removed, Requests, Retries, Bytes, Rows }.Min() >= 0
        && (Event == Request || Read == Accepted + Unchanged + Rejected + Skipped + Unknown + Unsent)
        && (Event != Start || (Endpoint is not null && (Partition is null || (Partition >= 0 && Partition < PartitionCount))))
        && (Event != End || ExitCode is not null);

    /// <summary>The record of a line; null if it is not one.</summary>
    public static LogRecord? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, LogJson.Default.LogRecord) is { IsConsistent: true } record ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LogRecord))]
internal sealed partial class LogJson : JsonSerializerContext;
