using System.Text.Json.Serialization;

namespace ProfilesModule.Delivery.Trail;

/// <summary>One line of a journal: the whole state of the run at one instant. The last whole line counts.</summary>
internal sealed record JournalLine
{
    /// <summary>The last row below which, itself included, every row has its outcome.</summary>
    public required long Row { get; init; }

    /// <summary>The ranges of rows above it that have their outcome too.</summary>
    public long[][] Settled { get; init; } = [];

    /// <summary>The ranges of rows that are being sent and would count twice if sent again.</summary>
    public long[][] Sending { get; init; } = [];

    public required long Accepted { get; init; }

    public required long Rejected { get; init; }

    public required long Skipped { get; init; }

    public required long Unknown { get; init; }

    /// <summary>The length of the reject file in bytes.</summary>
    public required long RejectBytes { get; init; }

    /// <summary>The checksum of so much of the reject file, with the notes of it as they were at first.</summary>
    public required uint RejectSum { get; init; }

    /// <summary>Whether every row has its outcome.</summary>
    public bool IsFinished { get; init; }

    /// <summary>Why the run ended early; null while it goes on, and when it did not. For who reads the file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EndedBy { get; init; }

    /// <summary>Whether the counts explain the rows.</summary>
    [JsonIgnore]
    public bool IsConsistent =>
        Settled.Concat(Sending).All(range => range is [var first, var last] && first > 0 && first <= last)
        && Row + Settled.Sum(range => range[1] - range[0] + 1) == Accepted + Rejected + Skipped + Unknown;
}

/// <summary>The first line of a journal.</summary>
internal sealed record JournalHeader
{
    public const string Kind = "ProfilesModule journal 2";

    /// <summary>What kind of file this is.</summary>
    public string Journal { get; init; } = "";

    /// <summary>How often the journal had been replaced by then.</summary>
    public long Generation { get; init; }

    public JournalSubject? Subject { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JournalHeader))]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class JournalJson : JsonSerializerContext;
