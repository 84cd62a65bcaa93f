namespace ProfilesModule.Rules;

/// <summary>One thing that rows and their values are held to before they are sent.</summary>
/// <param name="Id">Its name, which is the ErrorId of what is refused by it.</param>
/// <param name="Severity">What becomes of a row that does.</param>
/// <param name="Source">Where the rule comes from.</param>
/// <param name="Message">What is wrong; {0} stands for the name of the property or column.</param>
/// <param name="Remedy">What the user can do.</param>
internal sealed record Rule(ErrorId Id, RuleSeverity Severity, string Source, string Message, string Remedy)
{
    /// <summary>What is wrong with a property.</summary>
    /// <param name="property">Its name.</param>
    public string MessageFor(string? property) => Message.Replace("{0}", property, StringComparison.Ordinal);
}

/// <summary>What happens to a row that breaks a rule.</summary>
public enum RuleSeverity
{
    /// <summary>The row is sent with a warning; with -Strict it is refused.</summary>
    Warning,

    /// <summary>The row is refused.</summary>
    Error,
}

/// <summary>One rule that one property of an input breaks, however often.</summary>
internal sealed class Finding(Rule rule, string? property, string? path)
{
    private const int MaximumLines = 5;

    private readonly List<long> _lines = [];

    /// <summary>The rule.</summary>
    public Rule Rule => rule;

    /// <summary>The property, or the column of the identifier; null when the whole row is to blame.</summary>
    public string? Property => property;

    /// <summary>What is wrong.</summary>
    public required string Message { get; init; }

    /// <summary>The file; null for a pipeline.</summary>
    public string? Path => path;

    /// <summary>What messages call the place of a row in the input.</summary>
    public string RowNoun { get; init; } = "line";

    /// <summary>How many rows break the rule; 1 when it is about the column itself.</summary>
    public long Count { get; private set; }

    /// <summary>
    /// The lines where the first of them start, or the numbers of the first objects; empty when it is about the column itself.
    /// </summary>
    public IReadOnlyList<long> Lines => _lines;

    /// <summary>The first value that breaks the rule; null when none is kept.</summary>
    public string? Sample { get; internal set; }

    /// <summary>Whether it was found once the rows were sent, so that they could not be refused.</summary>
    internal bool IsLate { get; init; }

    /// <summary>The line of the first row that disproves what the first rows of a file have in common; null when none does.</summary>
    public long? FirstOther { get; internal set; }

    /// <summary>What that row means for the rule; null when there is none.</summary>
    public string? Limit => FirstOther is { } line ? $"This is true only of the first rows: the id in line {line} is different." : null;

    internal void Add(long line)
    {
        Count++;
        if (line > 0 && _lines.Count < MaximumLines)
            _lines.Add(line);
    }
}
