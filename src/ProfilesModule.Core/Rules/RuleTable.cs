namespace ProfilesModule.Rules;

/// <summary>Every rule for rows, as docs/rules.md has it: the page is a part of this assembly, so that a rule is written once.</summary>
internal static class RuleTable
{
    private static readonly Rule[] Rules = [.. Page().Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(RuleOf)];
    private static readonly Dictionary<ErrorId, Rule> ById = Rules.ToDictionary(rule => rule.Id);

    /// <summary>All rules, in the order in which they are documented.</summary>
    public static IReadOnlyList<Rule> All => Rules;

    /// <summary>The rule that an error breaks.</summary>
    /// <param name="id">The ErrorId.</param>
    public static Rule Of(ErrorId id) => ById[id];

    private static IEnumerable<string> Page()
    {
        using var page = new StreamReader(typeof(RuleTable).Assembly.GetManifestResourceStream("rules.md")!);
        while (page.ReadLine() is { } line)
            yield return line;
    }

    private static Rule RuleOf(string line)
    {
        var cells = line.Trim('|', ' ').Split(" | ");
        // An ellipsis is the name of the property, or the number of the column.
        var message = cells[2].Replace("'…'", "'{0}'", StringComparison.Ordinal).Replace(" … ", " {0} ", StringComparison.Ordinal);
        return new(Enum.Parse<ErrorId>(cells[0].Trim('`')), Enum.Parse<RuleSeverity>(cells[1]), cells[4], message, cells[3]);
    }
}
