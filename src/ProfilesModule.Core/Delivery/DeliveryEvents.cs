using System.Globalization;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>
/// What a run reports. The callbacks come from any thread, several at a time, and may keep what they are given. The sender
/// waits for each to return.
/// </summary>
internal sealed record DeliveryEvents
{
    /// <summary>A request was answered, or failed.</summary>
    public Action<BatchSent>? BatchSent { get; init; }

    public Action<Retrying>? Retrying { get; init; }

    public Action<UpdatesFailed>? UpdatesFailed { get; init; }

    public Action<UpdateOrigin>? UpdateAccepted { get; init; }

    /// <summary>A row was written that will be sent; on the thread of the producer, one row at a time.</summary>
    public RowWritten? RowWritten { get; init; }
}

/// <summary>Takes a row that was written.</summary>
/// <param name="records">Its records, with commas between them, which must not be kept.</param>
internal delegate void RowWritten(ReadOnlySpan<byte> records);

/// <summary>One request and its reply.</summary>
internal sealed record BatchSent
{
    /// <summary>The number of the batch.</summary>
    public required int Batch { get; init; }

    /// <summary>The first update of the request.</summary>
    public required UpdateOrigin First { get; init; }

    /// <summary>The last update of the request.</summary>
    public required UpdateOrigin Last { get; init; }

    /// <summary>How many rows it carried.</summary>
    public required int Rows { get; init; }

    /// <summary>How many records they are.</summary>
    public required int Updates { get; init; }

    /// <summary>The size of its body.</summary>
    public required int Bytes { get; init; }

    /// <summary>1 for the first attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>From sending to the end of the reply.</summary>
    public required TimeSpan Elapsed { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>How many requests may be in flight at once from then on.</summary>
    public required int AtOnce { get; init; }
}

/// <summary>A failed request that will be repeated.</summary>
/// <param name="Batch">The number of the batch.</param>
/// <param name="Retry">1 for the first retry.</param>
/// <param name="Delay">The wait before it.</param>
/// <param name="Reason">What went wrong.</param>
internal sealed record Retrying(int Batch, int Retry, TimeSpan Delay, string Reason)
{
    /// <summary>What went wrong, without a full stop: the sentence around it has its own.</summary>
    public string Reason { get; } = Reason.TrimEnd('.');

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"retry {Retry} in {Delay.TotalSeconds:0.0} s, because {Reason}.");
}

/// <summary>Updates that failed together, for one cause.</summary>
/// <param name="Id">The cause.</param>
/// <param name="StatusCode">The HTTP status code; 0 when there was no reply.</param>
/// <param name="Message">The service's text, or what went wrong.</param>
/// <param name="Updates">The updates.</param>
internal sealed record UpdatesFailed(ErrorId Id, int StatusCode, string Message, IReadOnlyList<FailedUpdate> Updates)
{
    public Failure ToFailure() => Failures.Update(Id, Message, Updates.Count);
}

/// <summary>An update that failed.</summary>
internal sealed record FailedUpdate(Operation Operation, UpdateOrigin Origin, RowExcerpt Row);

/// <summary>
/// A row as an error shows it. PowerShell keeps 256 errors and what they hold, so of a row of more than 64 KB only the
/// beginning is kept.
/// </summary>
/// <param name="Bytes">The row as it stands in its file, or its beginning; empty for a row that came from no file.</param>
/// <param name="Length">The length of the whole row in bytes.</param>
internal readonly record struct RowExcerpt(ReadOnlyMemory<byte> Bytes, int Length)
{
    private const int LargestWhole = 64 * 1024;
    private const int Beginning = 1000;

    /// <summary>Whether it is only the beginning.</summary>
    public bool IsCut => Bytes.Length < Length;

    public static RowExcerpt Of(ReadOnlySpan<byte> row) => new((row.Length > LargestWhole ? row[..Beginning] : row).ToArray(), row.Length);
}
