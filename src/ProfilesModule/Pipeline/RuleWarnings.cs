using System.Globalization;
using ProfilesModule.Rules;

namespace ProfilesModule.Pipeline;

/// <summary>Tells of rules that are broken by rows which are sent all the same: once a rule, property and file, and in the end how often.</summary>
internal sealed class RuleWarnings
{
    private readonly List<Finding> _told = [];
    private readonly bool _isStrict;

    public RuleWarnings(RuleOptions options)
    {
        _isStrict = options.IsStrict;
        Rules = new(options);
    }

    /// <summary>What rows are held to.</summary>
    public RowRules Rules { get; }

    /// <summary>The findings so far.</summary>
    public IReadOnlyList<ProfileFinding> Findings => [.. Rules.Findings.Select(finding => new ProfileFinding(finding))];

    /// <summary>From now on tells what is found first.</summary>
    /// <param name="warn">Hears of it, on the thread that looks at rows.</param>
    public void TellTo(Action<string> warn) => Rules.Found = finding =>
    {
        // What is refused is an error of its own.
        if (finding.Rule.Severity == RuleSeverity.Error || _isStrict)
            return;
        _told.Add(finding);
        warn($"{Place(finding)}{finding.Rule.MessageFor(finding.Property)} {finding.Rule.Remedy}");
    };

    /// <summary>Tells how often, of what was found more than once.</summary>
    public void TellCounts(Action<string> warn)
    {
        foreach (var finding in _told.Where(finding => finding.Count > 1))
        {
            warn(string.Create(
                CultureInfo.InvariantCulture,
                $"{File(finding)}{finding.Rule.Id} was found {finding.Count:N0} times for '{finding.Property}', first in {(finding.Path is null ? "objects" : "lines")} {string.Join(", ", finding.Lines)}."));
        }

        _told.Clear();
    }

    private static string Place(Finding finding) => finding switch
    {
        { Path: null } => $"Object {finding.Lines[0]}: ",
        { Lines.Count: 0 } => File(finding),
        _ => $"{Path.GetFileName(finding.Path)}, line {finding.Lines[0]}: ",
    };

    private static string File(Finding finding) => finding.Path is null ? "" : $"{Path.GetFileName(finding.Path)}: ";
}
