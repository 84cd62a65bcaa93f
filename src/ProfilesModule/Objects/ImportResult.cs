using ProfilesModule.Delivery;
using ProfilesModule.Import;

namespace ProfilesModule;

/// <summary>
/// The outcome of every row of an import. However it ends,
/// Read = Accepted + Rejected + Skipped + Unknown + Unsent.
/// </summary>
public sealed class ImportResult
{
    private readonly DeliveryAccount _account;
    private readonly DeliveryAccount _earlier;
    private readonly bool _mayResume;

    /// <param name="import">The import; null when it could not be started.</param>
    /// <param name="elapsed">How long it took.</param>
    internal ImportResult(ImportRun? import, TimeSpan elapsed)
    {
        Findings = [.. import?.Rules.Findings.Select(finding => new ProfileFinding(finding)) ?? []];
        Path = import?.Files ?? [];
        Elapsed = elapsed;
        StoppedEarly = import?.StoppedEarly ?? true;
        (_account, _earlier, _mayResume) = (import?.Account ?? new(), import?.Earlier ?? new(), import?.MayResume == true);
    }

    /// <summary>The files that were read.</summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>Rows read.</summary>
    public long Read => _account.Read;

    /// <summary>Rows whose update the service took: it reported no failure.</summary>
    public long Accepted => _account.Accepted;

    /// <summary>Rows that were refused, by the service or before sending; each has an error that names it, or is in the reject file.</summary>
    public long Rejected => _account.Rejected;

    /// <summary>Rows left out on purpose; with -WhatIf, all that would be sent.</summary>
    public long Skipped => _account.Skipped;

    /// <summary>Rows whose update may have been applied and would count twice if sent again.</summary>
    public long Unknown => _account.Unknown;

    /// <summary>Rows that were read and not sent, or whose request was broken off where sending again does no harm.</summary>
    public long Unsent => _account.Unsent;

    /// <summary>Rows that had their outcome already when this run began, by earlier runs of the same journal; the counts above hold them too.</summary>
    public long Resumed => _earlier.Read;

    /// <summary>Requests sent by this run, retries included.</summary>
    public long Requests => _account.Requests;

    /// <summary>Requests that repeated a failed one.</summary>
    public long Retries => _account.Retries;

    /// <summary>Bytes of request bodies sent.</summary>
    public long Bytes => _account.Bytes;

    /// <summary>From the first row to the last reply.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>Rows that this run got accepted, a second.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? Math.Round((Accepted - _earlier.Accepted) / Elapsed.TotalSeconds) : 0;

    /// <summary>The rules that rows did not keep, with how often: of those that were refused before sending, and of those that were sent all the same.</summary>
    public IReadOnlyList<ProfileFinding> Findings { get; }

    /// <summary>Whether the import ended before its input did.</summary>
    public bool StoppedEarly { get; }

    /// <summary>
    /// For jobs (<c>exit ($result ? $result.ExitCode : 2)</c>): 0 when every row was accepted or skipped; 1 when some were rejected or are
    /// unknown; 75 when the import stopped early and may go on later, since the service was down, limits its rate, or the time was over;
    /// 2 when it stopped early and would again.
    /// </summary>
    public int ExitCode => StoppedEarly || Unsent > 0 ? (_mayResume ? 75 : 2) : Rejected + Unknown > 0 ? 1 : 0;
}
