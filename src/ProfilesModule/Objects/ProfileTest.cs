using ProfilesModule.Delivery.Trail;
using ProfilesModule.Import;
using ProfilesModule.Rules;

namespace ProfilesModule;

/// <summary>The result of <c>Test-UserProfile</c> for all rows.</summary>
public sealed class ProfileTest
{
    private readonly DeliveryAccount _account;
    private readonly bool _isIncomplete;
    private readonly bool _isStrict;

    internal ProfileTest(ImportRun import, TimeSpan elapsed, bool isStrict)
    {
        Path = import.Files;
        _account = import.Account;
        Findings = [.. import.Rules.Findings.Select(finding => new ProfileFinding(finding))];
        Elapsed = elapsed;
        _isIncomplete = import.IsIncomplete;
        _isStrict = isStrict;
    }

    /// <summary>The files that were read; empty for pipeline input.</summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>Rows read.</summary>
    public long Read => _account.Read;

    /// <summary>Rows that would be sent.</summary>
    public long Valid => _account.Accepted;

    /// <summary>Rows that would be rejected. A column that cannot be imported would reject the whole file.</summary>
    public long Rejected => _account.Rejected;

    /// <summary>The findings, which were already written.</summary>
    public IReadOnlyList<ProfileFinding> Findings { get; }

    /// <summary>The time from the first row to the last.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>Rows read per second.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? Math.Round(Read / Elapsed.TotalSeconds) : 0;

    /// <summary>
    /// The exit code for jobs: 0 if every row would be sent, 1 if rows or columns would be rejected, 2 if not everything could be
    /// read.
    /// </summary>
    public int ExitCode => _isIncomplete ? 2 : Findings.Any(finding => _isStrict || finding.Severity == RuleSeverity.Error) ? 1 : 0;
}

/// <summary>A rule that rows break, and the property that breaks it. For all rules, see about_ProfilesModule_Rules.</summary>
public sealed class ProfileFinding
{
    private readonly Finding _finding;

    internal ProfileFinding(Finding finding) => _finding = finding;

    /// <summary>The id of the rule, which is also the ErrorId of the rows that it rejects.</summary>
    public string Rule => _finding.Rule.Id.ToString();

    /// <summary>Error if such rows are rejected; Warning if they are sent, unless you use -Strict.</summary>
    public RuleSeverity Severity => _finding.Rule.Severity;

    /// <summary>The property, or the column of the id; null if the rule is about the whole row.</summary>
    public string? Property => _finding.Property;

    /// <summary>The number of rows that break the rule; 1 for the name of a column.</summary>
    public long Count => _finding.Count;

    /// <summary>The start lines of up to five such rows, or the numbers of the objects; empty for the name of a column.</summary>
    public IReadOnlyList<long> Lines => _finding.Lines;

    /// <summary>The first such value, up to 60 characters; null if values are not kept, as in an import.</summary>
    public string? Sample => _finding.Sample;

    /// <summary>What is wrong.</summary>
    public string Message => _finding.Limit is { } limit ? $"{_finding.Message} {limit}" : _finding.Message;

    /// <summary>What to do about it.</summary>
    public string Remedy => _finding.Rule.Remedy;

    /// <summary>The file; null for pipeline input.</summary>
    public string? Path => _finding.Path;

    /// <summary>The rule, the property and the count.</summary>
    public override string ToString() => Property is null ? $"{Rule} ({Count})" : $"{Rule} {Property} ({Count})";
}
