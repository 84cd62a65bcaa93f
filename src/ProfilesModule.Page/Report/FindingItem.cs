using ProfilesModule.Rules;

namespace ProfilesModule.Page.Report;

/// <summary>A finding, with what to do about it.</summary>
internal static class FindingItem
{
    /// <summary>Adds a list of findings; nothing if there are none.</summary>
    /// <param name="html">The page.</param>
    /// <param name="findings">The findings.</param>
    /// <param name="areOfFiles">Whether their files have to be told apart.</param>
    public static void AddList(Html html, IEnumerable<Finding> findings, bool areOfFiles)
    {
        if (!findings.Any())
            return;
        html.Add($"<ul class=\"findings\">");
        foreach (var finding in findings)
        {
            var severity = finding.Rule.Severity.ToString();
            html.Add($"""
                <li class="{severity.ToLowerInvariant()}">
                <p><strong>{severity}: {finding.Rule.Id.ToString()}</strong> {Place(finding)}</p>
                <p>{finding.Message} {finding.Limit}</p>
                <p>{finding.Rule.Remedy}</p>
                """);
            if (finding.Sample is { } sample)
                html.Add($"<p class=\"hint\">For example: <code><bdi>{sample}</bdi></code></p>");
            if (areOfFiles && finding.Path is { } path)
                html.Add($"<p class=\"hint\">In <bdi>{FileName(path)}</bdi></p>");
            html.Add($"</li>");
        }

        html.Add($"</ul>");
    }

    /// <summary>The name of a file; nobody else needs to know its folder.</summary>
    public static string FileName(string path) => path == "-" ? "standard input" : Path.GetFileName(path);

    private static string Place(Finding finding)
    {
        var lines = string.Join(", ", finding.Lines);
        if (lines.Length == 0)
            return "";
        var noun = finding.Path is null ? "object" : finding.RowNoun;
        var more = finding.Count > finding.Lines.Count ? $" and {Phrase.Number(finding.Count - finding.Lines.Count)} more" : "";
        return $"in {noun}{(finding.Count > 1 ? "s" : "")} {lines}{more}";
    }
}
