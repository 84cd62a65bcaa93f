using System.Globalization;

namespace ProfilesModule.Rules;

/// <summary>One rule that one property of an input breaks, however often.</summary>
internal sealed class Finding
{
    private const int MaximumLines = 5;

    private readonly List<long> _lines = [];

    internal Finding(Rule rule, string? property, string? path)
    {
        Rule = rule;
        Property = property;
        Path = path;
    }

    /// <summary>The rule.</summary>
    public Rule Rule { get; }

    /// <summary>The property, or the column of the identifier; null when the whole row is to blame.</summary>
    public string? Property { get; }

    /// <summary>What is wrong.</summary>
    public required string Message { get; init; }

    /// <summary>The file; null for a pipeline.</summary>
    public string? Path { get; }

    /// <summary>What messages call the place of a row in the input.</summary>
    public string RowNoun { get; init; } = "line";

    /// <summary>How many rows break the rule; 1 when it is about the column itself.</summary>
    public long Count { get; private set; }

    /// <summary>The lines where the first of them start, or the numbers of the first objects; empty when it is about the column itself.</summary>
    public IReadOnlyList<long> Lines => _lines;

    /// <summary>The first value that breaks the rule; null when none is kept.</summary>
    public string? Sample { get; internal set; }

    /// <summary>Whether it was found once the rows were sent, so that they could not be refused.</summary>
    internal bool IsLate { get; init; }

    /// <summary>The line of the first row that disproves what the first rows of a file have in common; null when none does.</summary>
    public long? FirstOther { get; internal set; }

    /// <summary>What that row means for the rule; null when there is none.</summary>
    public string? Limit => FirstOther is { } line
        ? string.Create(CultureInfo.InvariantCulture, $"This is true only of the first rows: the id in line {line} is different.")
        : null;

    internal void Add(long line)
    {
        Count++;
        if (line > 0 && _lines.Count < MaximumLines)
            _lines.Add(line);
    }
}
