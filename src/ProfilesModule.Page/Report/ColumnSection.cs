using System.Globalization;
using ProfilesModule.Rules;
using ProfilesModule.Statistics;

namespace ProfilesModule.Page.Report;

/// <summary>A column with what is in it, and the findings about it.</summary>
/// <param name="column">The column.</param>
/// <param name="id">What links lead to.</param>
/// <param name="report">The report that it is part of.</param>
internal sealed class ColumnSection(ColumnSummary column, string id, TestReport report)
{
    // A histogram of a few values tells less than their counts do.
    private const int FewValues = 10;

    public ColumnSummary Column => column;

    public string Id => id;

    private bool IsSpread =>
        (column.Numbers ?? column.Dates) is not null && (column.HasMoreDistinct || column.Distinct > FewValues);

    private string Name => column.Property ?? column.Column ?? report.Identifier ?? "identifier";

    public void AddTo(Html html, IEnumerable<Finding> findings)
    {
        html.Add($"""
            <article id="{id}" class="column" aria-labelledby="{id}-name">
            <h3 id="{id}-name"><bdi>{Name}</bdi></h3>
            """);
        if (column.Property is null)
            html.Add($"<p class=\"hint\">The identifier</p>");
        else if (column.Column is { } name && name != Name)
            html.Add($"<p class=\"hint\">Column <bdi>{name}</bdi></p>");
        html.Add($"<div class=\"parts\">");
        AddFacts(html);
        FindingItem.AddList(html, findings, report.Files.Count > 1);
        AddPictures(html);
        html.Add($"</div></article>");
    }

    /// <summary>A part of a whole in words: what is not all or nothing does not look like it.</summary>
    public static string Percent(double share) => share switch
    {
        > 0 and < 0.001 => "less than 0.1%",
        > 0.999 and < 1 => "more than 99.9%",
        _ => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#}%"),
    };

    private void AddFacts(Html html)
    {
        var filled = 1 - column.EmptyShare;
        var distinct = (column.HasMoreDistinct ? "more than " : "") + Phrase.Number(column.Distinct);
        var kinds = string.Join(", ", column.Kinds.Select(kind =>
            column.Kinds.Count == 1 ? Noun(kind.Kind) : $"{Noun(kind.Kind)} ({Phrase.Number(kind.Count)})"));
        html.Add($"<div>");
        if (column.Rows > 0)
            Picture.AddBar(html, filled, "filled");
        html.Add($"""
            <dl class="facts">
            <div><dt>Filled</dt><dd>{(column.Rows == 0 ? "–" : Percent(filled))}</dd></div>
            <div><dt>Empty</dt><dd>{Phrase.Count(column.Rows - column.WithValue, "row")}</dd></div>
            <div><dt>Different values</dt><dd>{distinct}</dd></div>
            """);
        if (kinds.Length > 0)
            html.Add($"<div><dt>Type</dt><dd>{kinds}</dd></div>");
        html.Add($"</dl>");
        if (column.Frequent is [{ Count: 1 } only, ..] && !IsSpread && !column.HasMoreDistinct)
            html.Add($"<p>Each value occurs once, for example <code><bdi>{only.Text}</bdi></code>.</p>");
        html.Add($"</div>");
    }

    private void AddPictures(Html html)
    {
        if (IsSpread && column.Numbers is { } numbers)
            Picture.AddHistogram(html, "Numbers", numbers, report.IsMasked);
        if (IsSpread && column.Dates is { } dates)
            Picture.AddHistogram(html, "Dates", dates, report.IsMasked);
        if (column.Frequent is [{ Count: > 1 }, ..])
            AddFrequent(html);
    }

    private void AddFrequent(Html html)
    {
        var total = column.Kinds.Sum(kind => kind.Count);
        var caption = column.HasMoreDistinct ? $"Most frequent of the first {Phrase.Number(column.Distinct)} values" : "Most frequent values";
        html.Add($"""
            <table class="values">
            <caption>{caption}</caption>
            <thead>
            <tr><th scope="col">Value</th><th scope="col" class="number">Count</th><th scope="col" class="share">Share</th></tr>
            </thead>
            <tbody>
            """);
        foreach (var (text, count) in column.Frequent.Where(value => value.Count > 1 || column.Distinct <= FewValues))
        {
            html.Add($"""
                <tr><th scope="row"><bdi>{text}</bdi></th><td class="number">{Phrase.Number(count)}</td><td class="share">
                """);
            Picture.AddBar(html, (double)count / total, "value");
            html.Add($"{Percent((double)count / total)}</td></tr>");
        }

        html.Add($"</tbody></table>");
    }

    private static string Noun(ValueKind kind) => kind switch
    {
        ValueKind.Boolean => "Boolean",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
