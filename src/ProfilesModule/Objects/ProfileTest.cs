using ProfilesModule.Delivery;
using ProfilesModule.Rules;

namespace ProfilesModule;

/// <summary>What <c>Test-UserProfile</c> found out about all rows.</summary>
public sealed class ProfileTest
{
    private readonly DeliveryAccount _account;
    private readonly bool _isIncomplete;
    private readonly bool _isStrict;

    internal ProfileTest(IReadOnlyList<string> path, DeliveryAccount account, IReadOnlyList<ProfileFinding> findings, TimeSpan elapsed, bool isIncomplete, bool isStrict)
    {
        Path = path;
        _account = account;
        Findings = findings;
        Elapsed = elapsed;
        _isIncomplete = isIncomplete;
        _isStrict = isStrict;
    }

    /// <summary>The files that were read; none for objects of the pipeline.</summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>Rows read.</summary>
    public long Read => _account.Read;

    /// <summary>Rows that would be sent.</summary>
    public long Valid => _account.Accepted;

    /// <summary>Rows that would be refused; with a column that cannot be, the whole file would be.</summary>
    public long Rejected => _account.Rejected;

    /// <summary>The findings, which were written before.</summary>
    public IReadOnlyList<ProfileFinding> Findings { get; }

    /// <summary>From the first row to the last.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>Rows read a second.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? Math.Round(Read / Elapsed.TotalSeconds) : 0;

    /// <summary>For jobs: 0 when every row would be sent, 1 when rows or columns would be refused, 2 when not everything could be read.</summary>
    public int ExitCode => _isIncomplete ? 2 : Findings.Any(finding => _isStrict || finding.Severity == RuleSeverity.Error) ? 1 : 0;
}
