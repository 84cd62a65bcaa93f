using ProfilesModule.Delivery.Trail;
using ProfilesModule.Import;

namespace ProfilesModule;

/// <summary>
/// The outcome of every row of an import. However it ends,
/// Read = Accepted + Unchanged + Rejected + Skipped + Unknown + Unsent.
/// </summary>
public sealed class ImportResult
{
    private readonly DeliveryAccount _account;
    private readonly DeliveryAccount _earlier;

    /// <param name="import">The import; null when it could not be started.</param>
    /// <param name="elapsed">How long it took.</param>
    internal ImportResult(ImportRun? import, TimeSpan elapsed)
    {
        Findings = [.. import?.Rules.Findings.Select(finding => new ProfileFinding(finding)) ?? []];
        Path = import?.Files ?? [];
        Elapsed = elapsed;
        (Partition, PartitionCount) = (import?.Partition?.Number, import?.Partition?.Count);
        StoppedEarly = import?.StoppedEarly ?? true;
        Removed = import?.Removed ?? 0;
        (_account, _earlier, ExitCode) = (import?.Account ?? new(), import?.Earlier ?? new(), import?.ExitCode ?? 2);
    }

    /// <summary>The files that were read.</summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>The number of the partition that was imported, counted from 0; null if all rows were.</summary>
    public int? Partition { get; }

    /// <summary>How many partitions there are; null if all rows were imported.</summary>
    public int? PartitionCount { get; }

    /// <summary>Rows read.</summary>
    public long Read => _account.Read;

    /// <summary>Rows whose update the service accepted, which means that it reported no failure.</summary>
    public long Accepted => _account.Accepted;

    /// <summary>Rows that were not sent, because the state (-StatePath) says that the service has their update.</summary>
    public long Unchanged => _account.Unchanged;

    /// <summary>Rows that were rejected, by the service or before sending. Each has its own error, or is in the reject file.</summary>
    public long Rejected => _account.Rejected;

    /// <summary>Rows that were intentionally left out; with -WhatIf, all rows that would be sent.</summary>
    public long Skipped => _account.Skipped;

    /// <summary>Rows whose update may have been applied, and would count twice if it were sent again.</summary>
    public long Unknown => _account.Unknown;

    /// <summary>Rows that were read but not sent, or whose request was interrupted and can safely be sent again.</summary>
    public long Unsent => _account.Unsent;

    /// <summary>Rows of other partitions (-Partition), which the other counts do not include.</summary>
    public long OtherPartitions => _account.OtherPartitions;

    /// <summary>
    /// Rows that already had an outcome when this run started, from earlier runs with the same journal. The other counts of rows
    /// include them.
    /// </summary>
    public long Resumed => _earlier.Read;

    /// <summary>Profiles that were removed, because the input did not have them any more (-RemoveMissing).</summary>
    public long Removed { get; }

    /// <summary>Requests that this run sent, including retries.</summary>
    public long Requests => _account.Requests;

    /// <summary>Requests that repeated a failed one.</summary>
    public long Retries => _account.Retries;

    /// <summary>Bytes of request bodies sent.</summary>
    public long Bytes => _account.Bytes;

    /// <summary>The time from the first row to the last reply.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>Rows of this run that were accepted per second.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? Math.Round((Accepted - _earlier.Accepted) / Elapsed.TotalSeconds) : 0;

    /// <summary>
    /// The rules that rows broke, and how often. Includes rows that were rejected before sending, and rows that were sent with a
    /// warning.
    /// </summary>
    public IReadOnlyList<ProfileFinding> Findings { get; }

    /// <summary>Whether the import ended before the end of its input.</summary>
    public bool StoppedEarly { get; }

    /// <summary>
    /// The exit code for jobs (<c>exit ($result ? $result.ExitCode : 2)</c>): 0 if every row was accepted, unchanged or skipped; 1 if some
    /// were rejected or are unknown; 75 if the import stopped early and can continue later (the service was down or limited the rate, the
    /// time limit was reached, or another import was using the journal or the state); 2 if it stopped early and would again. If SIGTERM
    /// ends the import, pwsh exits with 75 if the script may be started again, and otherwise with 2.
    /// </summary>
    public int ExitCode { get; }
}
