using ProfilesModule.Rules;

namespace ProfilesModule.Import;

/// <summary>
/// Warns about rules that are broken by rows which are sent anyway: once for each rule, property and file, and at the end how often, or
/// that later rows disprove what the first ones had in common.
/// </summary>
internal sealed class RuleWarnings
{
    private readonly List<Finding> _told = [];

    /// <param name="rules">What finds them.</param>
    /// <param name="isStrict">Whether such rows are refused, which is an error of its own.</param>
    /// <param name="warn">Takes the warnings.</param>
    public RuleWarnings(RowRules rules, bool isStrict, Action<string> warn) => rules.Found = finding =>
    {
        if (finding.Rule.Severity == RuleSeverity.Error || (isStrict && !finding.IsLate))
            return;
        _told.Add(finding);
        warn($"{Place(finding)}{finding.Message} {Lost(finding)}{finding.Rule.Remedy}");
    };

    /// <summary>What is known of them at the end.</summary>
    public IEnumerable<string> AtEnd => Counts.Concat(Limits);

    /// <summary>How often each was found, of those that were found more than once.</summary>
    private IEnumerable<string> Counts => _told.Where(finding => finding.Count > 1).Select(finding =>
        $"{File(finding)}{finding.Rule.Id} was found {Phrase.Number(finding.Count)} times for '{finding.Property}', first in "
            + $"{(finding.Path is null ? "object" : finding.RowNoun)}s {string.Join(", ", finding.Lines)}.");

    private IEnumerable<string> Limits => _told.Where(finding => finding.Limit is not null)
        .Select(finding => $"{File(finding)}{finding.Rule.Id} was found for '{finding.Property}'. {finding.Limit}");

    private static string Lost(Finding finding) => finding.Sample is { } value ? $"The first is '{value}'. " : "";

    private static string Place(Finding finding) => finding switch
    {
        { Path: null, Lines.Count: 0 } => "",
        { Path: null } => $"Object {finding.Lines[0]}: ",
        { Lines.Count: 0 } => File(finding),
        _ => $"{Path.GetFileName(finding.Path)}, {finding.RowNoun} {finding.Lines[0]}: ",
    };

    private static string File(Finding finding) => finding.Path is null ? "" : $"{Path.GetFileName(finding.Path)}: ";
}
