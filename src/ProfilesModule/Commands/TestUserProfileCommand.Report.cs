using System.Management.Automation;
using System.Text;
using ProfilesModule.Export;
using ProfilesModule.Files;
using ProfilesModule.Import;
using ProfilesModule.Page.Report;
using ProfilesModule.Rules;
using ProfilesModule.Statistics;

namespace ProfilesModule.Commands;

/// <content>The report.</content>
public sealed partial class TestUserProfileCommand
{
    private ColumnStatistics? _statistics;
    private string? _report;

    /// <summary>
    /// An HTML file to write, which you can send to whoever owns the data. For each column or property it shows how many rows have a value,
    /// the most frequent values, how numbers and dates are spread, and the findings with their lines and remedies. It loads nothing from
    /// elsewhere. It contains values, unless you use -MaskValue. The folder must exist; an existing file is replaced.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ReportPath { get; set; }

    private void BeginReport()
    {
        if (ReportPath is null)
            return;
        _report = OutputPath.Resolve(this, ReportPath, isLiteral: true);
        if (MappingPath is not null && TrailPaths.AreSame(_report, OutputPath.Resolve(this, MappingPath, isLiteral: true)))
            this.ThrowTerminatingError(Failures.PathUsedTwice(MappingPath));
        OutputPath.Require(this, _report, overwrite: true, overwriteReadOnly: false);
        _statistics = new(MaskValue);
    }

    /// <summary>Whether a file to test is the one that the report would replace. It is not tested, and no report is written.</summary>
    private bool IsReport(string path)
    {
        if (_report is null || !TrailPaths.AreSame(_report, path))
            return false;
        _report = null;
        Fail(Failures.PathUsedTwice(path));
        return true;
    }

    private void WriteReport()
    {
        if (_report is null || !ShouldProcess(_report, "Write report"))
            return;
        var report = Encoding.UTF8.GetBytes(Report(_statistics!));
        try
        {
            using var file = new AtomicFile(_report, overwrite: true);
            file.Stream.Write(report);
            file.Commit();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            this.ThrowTerminatingError(Failures.FileNotWritable(e, _report));
        }
    }

    private string Report(ColumnStatistics statistics) => new TestReport
    {
        Files = _import!.Files,
        Time = TimeProvider.System.GetUtcNow(),
        Account = _import.Account,

        // Random identifiers tell nothing.
        Columns = [.. statistics.Columns().Where(column => !RandomIdentifier || column.Property is not null)],
        HasMoreColumns = statistics.HasMoreColumns,
        Findings = _import.Rules.Findings,
        Identifier = _import.Rules.Identifier,
        IsStrict = Strict,
        IsMasked = MaskValue,
        IsIncomplete = _import.IsIncomplete,
    }.ToHtml();
}
