using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Rules;
using ProfilesModule.Statistics;

namespace ProfilesModule.Page.Report;

/// <summary>What a test of rows found, for those whose data it is.</summary>
internal sealed record TestReport
{
    /// <summary>The files that were read; empty for objects.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>When the test ended.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What would become of the rows.</summary>
    public required DeliveryAccount Account { get; init; }

    /// <summary>The columns.</summary>
    public required IReadOnlyList<ColumnSummary> Columns { get; init; }

    /// <summary>Whether there are more.</summary>
    public bool HasMoreColumns { get; init; }

    /// <summary>The findings.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The column or property that holds the identifier; null if no row has one.</summary>
    public string? Identifier { get; init; }

    /// <summary>Whether a row with a warning is rejected.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Whether values are masked.</summary>
    public bool IsMasked { get; init; }

    /// <summary>Whether not everything could be read.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>The report as a page in one file. It has no script and loads nothing, and its policy forbids both.</summary>
    public string ToHtml() => new ReportPage(this).ToHtml();
}

/// <summary>The page of a report.</summary>
internal sealed class ReportPage
{
    private static readonly string Style = ReadStyle();

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; form-action 'none'";

    private readonly TestReport _report;
    private readonly List<ColumnSection> _sections;
    private readonly ILookup<ColumnSection?, Finding> _findings;
    private readonly Html _html = new();

    public ReportPage(TestReport report)
    {
        _report = report;
        _sections = [.. report.Columns.Select((column, i) => new ColumnSection(column, $"column-{i + 1}", report))];
        _findings = report.Findings.ToLookup(SectionOf);
    }

    public string ToHtml()
    {
        var subject = _report.Files.Count switch
        {
            0 => "objects",
            1 => FindingItem.FileName(_report.Files[0]),
            _ => Phrase.Count(_report.Files.Count, "file"),
        };
        _html.Add($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>Test of {subject}</title>
            """);
        _html.AddStyle(Style);
        _html.Add($"""
            </head>
            <body>
            <main>
            <h1>Test of <bdi>{subject}</bdi></h1>
            """);
        AddSummary();
        AddFindings();
        AddColumns();
        _html.Add($"""
            </main>
            </body>
            </html>
            """);
        return _html.ToString();
    }

    private static string ReadStyle()
    {
        using var resource = typeof(ReportPage).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(resource, Encoding.UTF8);

        // A browser hashes the text with such line breaks, whatever the file has.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>The column that a finding is about; null if it is about none of them.</summary>
    private ColumnSection? SectionOf(Finding finding) => finding.Property is not { } name ? null
        : _sections.Find(section => section.Column.Property == name)
            ?? _sections.Find(section => section.Column.Column == name || (section.Column.Property is null && name == _report.Identifier));

    private void AddSummary()
    {
        var (account, findings) = (_report.Account, _report.Findings);
        var verdict = RefusesColumn ? "A column cannot be imported, so no row of its file would be sent."
            : account.Rejected > 0 ? $"{Phrase.Count(account.Rejected, "row")} of {Phrase.Number(account.Read)} would be rejected."
            : _report.IsIncomplete || account.Read == 0 || account.Accepted < account.Read ? ""
            : "Every row would be sent.";
        if (verdict.Length > 0)
            _html.Add($"<p class=\"verdict\">{verdict}</p>");
        if (_report.IsIncomplete)
            _html.Add($"<p class=\"verdict error\">Some of the input could not be read, so this report is incomplete.</p>");
        _html.Add($"<dl class=\"facts\">");
        AddFact("Rows read", Phrase.Number(account.Read));
        AddFact("Would be sent", Phrase.Number(account.Accepted));
        AddFact("Would be rejected", Phrase.Number(account.Rejected));
        if (account.Skipped > 0)
            AddFact("Left out", Phrase.Number(account.Skipped));
        AddFact("Errors", Phrase.Number(findings.Count(finding => finding.Rule.Severity == RuleSeverity.Error)));
        AddFact("Warnings", Phrase.Number(findings.Count(finding => finding.Rule.Severity == RuleSeverity.Warning)));
        AddFact("Tested", _report.Time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture));
        _html.Add($"</dl>");
        if (_report.IsStrict)
            _html.Add($"<p class=\"hint\">Rows with a warning also count as rejected (-Strict).</p>");
        if (_report.IsMasked)
            _html.Add($"<p class=\"hint\">Letters of values are shown as x, and digits as 9 (-MaskValue).</p>");
    }

    // An error about a file as a whole is about one of its columns.
    private bool RefusesColumn => _report.Files.Count > 0
        && _report.Findings.Any(finding => finding.Rule.Severity == RuleSeverity.Error && finding.Lines.Count == 0);

    private void AddFact(string name, string value) => _html.Add($"<div><dt>{name}</dt><dd>{value}</dd></div>");

    private void AddFindings()
    {
        _html.Add($"<h2>Findings</h2>");
        if (_report.Findings.Count == 0)
        {
            _html.Add($"<p>No rule is broken.</p>");
            return;
        }

        _html.Add($"""
            <div class="scroll" tabindex="0" role="region" aria-label="All findings">
            <table>
            <thead>
            <tr><th scope="col">Severity</th><th scope="col">Rule</th><th scope="col">Column</th><th scope="col" class="number">Rows</th></tr>
            </thead>
            <tbody>
            """);
        foreach (var (section, finding) in _findings.SelectMany(group => group.Select(finding => (group.Key, finding))))
        {
            _html.Add($"""
                <tr><td>{finding.Rule.Severity.ToString()}</td><th scope="row">{finding.Rule.Id.ToString()}</th>
                <td><a href="#{section?.Id ?? "other"}"><bdi>{finding.Property ?? "the whole row"}</bdi></a></td>
                <td class="number">{Phrase.Number(finding.Count)}</td></tr>
                """);
        }

        _html.Add($"""
            </tbody>
            </table>
            </div>
            """);
        if (!_findings.Contains(null))
            return;
        _html.Add($"<h2 id=\"other\">Other findings</h2>");
        FindingItem.AddList(_html, _findings[null], _report.Files.Count > 1);
    }

    private void AddColumns()
    {
        var shown = _report.Account.Accepted == 0
            ? "No row would be sent, so no values are shown."
            : "These are the values of the rows that would be sent.";
        _html.Add($"<h2>Columns</h2><p class=\"hint\">{shown}</p>");
        if (_report.HasMoreColumns)
            _html.Add($"<p class=\"hint\">There are more properties. Only the first {Phrase.Number(_sections.Count)} are shown.</p>");
        foreach (var section in _sections)
            section.AddTo(_html, _findings[section]);
    }
}
