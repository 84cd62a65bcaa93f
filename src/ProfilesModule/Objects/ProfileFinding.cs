using ProfilesModule.Rules;

namespace ProfilesModule;

/// <summary>A rule that rows do not keep, with the property that is to blame; about_ProfilesModule_Rules has them all.</summary>
public sealed class ProfileFinding
{
    internal ProfileFinding(Finding finding)
    {
        Rule = finding.Rule.Id.ToString();
        Severity = finding.Rule.Severity;
        Property = finding.Property;
        Count = finding.Count;
        Lines = [.. finding.Lines];
        Sample = finding.Sample;
        Message = finding.Rule.MessageFor(finding.Property);
        Remedy = finding.Rule.Remedy;
        Path = finding.Path;
    }

    /// <summary>The rule; also the ErrorId of the rows that are refused by it.</summary>
    public string Rule { get; }

    /// <summary>Error when such rows are refused, Warning when they are sent unless -Strict is given.</summary>
    public RuleSeverity Severity { get; }

    /// <summary>The property, or the column of the identifier; null when the whole row is to blame.</summary>
    public string? Property { get; }

    /// <summary>How many rows it is true of; 1 for the name of a column.</summary>
    public long Count { get; }

    /// <summary>The lines where the first of them start, or the numbers of the first objects; up to five, none for the name of a column.</summary>
    public IReadOnlyList<long> Lines { get; }

    /// <summary>The first value that is to blame, up to 60 characters; null where none is kept, as in an import.</summary>
    public string? Sample { get; }

    /// <summary>What is wrong.</summary>
    public string Message { get; }

    /// <summary>What to do about it.</summary>
    public string Remedy { get; }

    /// <summary>The file; null for objects of the pipeline.</summary>
    public string? Path { get; }

    /// <summary>The rule, the property and the count.</summary>
    public override string ToString() => Property is null ? $"{Rule} ({Count})" : $"{Rule} {Property} ({Count})";
}
