using ProfilesModule.Rules;
using ProfilesModule.Statistics;

namespace ProfilesModule.Page.Report;

/// <summary>
/// Pictures of columns. They are SVG in the page, whose sizes are attributes, because its policy forbids styles of elements.
/// </summary>
internal static class Picture
{
    // So that the smallest count can be seen.
    private const double LeastHeight = 2;

    /// <summary>Adds a bar that shows a part of a whole, which is said beside it.</summary>
    public static void AddBar(Html html, double share, string kind) => html.Add($"""
        <svg class="bar {kind}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="rest" width="100" height="8"/><rect width="{100 * share}" height="8"/>
        </svg>
        """);

    /// <summary>Adds a histogram, with its counts in a table.</summary>
    /// <param name="html">The page.</param>
    /// <param name="kind">What is counted.</param>
    /// <param name="range">The counts.</param>
    /// <param name="isMasked">Whether the ranges are masked, and so say nothing.</param>
    public static void AddHistogram(Html html, string kind, ValueRange range, bool isMasked)
    {
        var highest = range.Bins.Max(bin => bin.Count);
        var fullest = range.Bins.First(bin => bin.Count == highest);
        var text = $"{kind} from {range.Minimum} to {range.Maximum}, in {Phrase.Count(range.Bins.Count, "range")} of equal width. "
            + (isMasked ? "" : $"The fullest, {Words(fullest)}, has {Phrase.Number(highest)}.");
        html.Add($"""
            <figure>
            <figcaption>{kind}</figcaption>
            <svg class="histogram" viewBox="0 0 {range.Bins.Count} 100" preserveAspectRatio="none" role="img" aria-label="{text}">
            """);
        for (var i = 0; i < range.Bins.Count; i++)
        {
            var count = range.Bins[i].Count;
            var height = count == 0 ? 0 : Math.Max(100.0 * count / highest, LeastHeight);
            html.Add($"""
                <rect x="{i + 0.05}" y="{100 - height}" width="0.9" height="{height}"/>
                """);
        }

        html.Add($"""
            </svg>
            <p class="axis"><bdi>{range.Minimum}</bdi><bdi>{range.Maximum}</bdi></p>
            """);
        if (!isMasked)
            AddCounts(html, range);
        html.Add($"</figure>");
    }

    private static void AddCounts(Html html, ValueRange range)
    {
        html.Add($"""
            <details>
            <summary>Counts</summary>
            <table class="values">
            <thead><tr><th scope="col">Range</th><th scope="col" class="number">Count</th></tr></thead>
            <tbody>
            """);
        foreach (var bin in range.Bins.Where(bin => bin.Count > 0))
            html.Add($"<tr><th scope=\"row\">{Words(bin)}</th><td class=\"number\">{Phrase.Number(bin.Count)}</td></tr>");
        html.Add($"</tbody></table></details>");
    }

    private static string Words(HistogramBin bin) => $"from {bin.From} to less than {bin.To}";
}
