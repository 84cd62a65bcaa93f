using System.Text.Json.Serialization;

namespace ProfilesModule.Delivery.Trail;

/// <summary>One line of a journal: the whole state of the run at one instant. The last whole line counts.</summary>
internal sealed record JournalLine
{
    /// <summary>The last row below which, itself included, every row has its outcome.</summary>
    public long Row { get; init; }

    /// <summary>The ranges of rows above it that have their outcome too.</summary>
    public long[][] Settled { get; init; } = [];

    /// <summary>The ranges of rows that are being sent and would count twice if sent again.</summary>
    public long[][] Sending { get; init; } = [];

    public long Accepted { get; init; }

    public long Rejected { get; init; }

    public long Skipped { get; init; }

    public long Unknown { get; init; }

    /// <summary>The length of the reject file in bytes.</summary>
    public long RejectBytes { get; init; }

    /// <summary>Whether every row has its outcome.</summary>
    public bool IsFinished { get; init; }
}

/// <summary>The first line of a journal.</summary>
internal sealed record JournalHeader
{
    public const string Kind = "ProfilesModule journal 1";

    /// <summary>What kind of file this is.</summary>
    public string Journal { get; init; } = "";

    public JournalSubject? Subject { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JournalHeader))]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class JournalJson : JsonSerializerContext;
