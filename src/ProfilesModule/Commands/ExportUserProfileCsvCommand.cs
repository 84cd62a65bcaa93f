using System.Collections;
using System.Management.Automation;
using System.Text;
using ProfilesModule.Binding;
using ProfilesModule.Export;
using ProfilesModule.Files;
using ProfilesModule.Isolation;
using ProfilesModule.Pipeline;
using ProfilesModule.Query;
using ProfilesModule.Rules;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>
/// Exports user profiles to a CSV file. The first column is $distinct_id. Then there is a column for each property that any profile
/// has a value for, in the order of character codes. Text is written unchanged. Numbers, Booleans, lists and objects are written as
/// JSON. null and empty text are empty cells. $last_seen is left out, because the service sets it. Import-UserProfileCsv can import
/// the file: it finds the id column, skips empty cells, and sets the other values as text. The file appears under its name only when
/// it is complete. Only the current user can read it, unless it replaces a file that others can read. Values that begin with =, +, -
/// or @ are written unchanged, so a spreadsheet program would calculate them: use -Dialect Excel.
/// </summary>
/// <example>
/// <code>Export-UserProfileCsv profiles.csv</code>
/// <para>Exports all profiles with all their properties.</para>
/// </example>
/// <example>
/// <code>Export-UserProfileCsv trials.csv -PropertyEquals @{ plan = 'trial' } -Property '$email', signed_up -Force</code>
/// <para>Exports two properties of some profiles, in this order, and overwrites even a read-only file.</para>
/// </example>
[Cmdlet(VerbsData.Export, "UserProfileCsv", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(FileInfo))]
public sealed class ExportUserProfileCsvCommand : UserProfileCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>The file to write. Wildcards must match exactly one existing file.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string Path { get; set; } = "";

    /// <summary>The file to write. Wildcards have no meaning.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string LiteralPath { get; set; } = "";

    /// <summary>The ASCII character that separates fields. Default a comma.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(DelimiterCompleter))]
    public char Delimiter { get; set; } = ',';

    /// <summary>
    /// Excel writes a file for spreadsheet programs: cells that one would calculate or convert, such as =1+1, +41446681800 and 00123, are
    /// written as ="00123", and the file begins with a byte order mark unless you specify -Encoding. Import-UserProfileCsv with
    /// -Dialect Excel restores them. Default Rfc4180, which writes text unchanged.
    /// </summary>
    [Parameter]
    [ValidateSet(nameof(Dialect.Rfc4180), nameof(Dialect.Excel))]
    public Dialect Dialect { get; set; }

    /// <summary>An expression in the query language of the service that selects the profiles to export. Default: all profiles.</summary>
    [Parameter]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    public string? Where { get; set; }

    /// <summary>
    /// Property names and values. Only profiles that have all of these values are exported. A value is text, a number or a Boolean,
    /// or $null for a property that is not set.
    /// </summary>
    [Parameter]
    [ValidateUnicode]
    [ValidateNotNull]
    public IDictionary? PropertyEquals { get; set; }

    /// <summary>The id of a cohort. Only its users are exported.</summary>
    [Parameter]
    public long CohortId { get; set; }

    /// <summary>
    /// The names of the properties to export, in this order. Each becomes a column, even if no profile has it. Default: all. In that
    /// case, a temporary file in the same folder holds the profiles until all are read, because only then are all columns known.
    /// </summary>
    [Parameter]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string[]? Property { get; set; }

    /// <summary>
    /// The encoding of the file: a name as in Export-Csv, or the number of a code page. Default UTF-8 without a byte order mark.
    /// Text that the encoding does not support ends the command.
    /// </summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = new UTF8Encoding(false);

    /// <summary>Overwrites the file even if it is read-only.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Does not overwrite an existing file, not even with -Force.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Writes a FileInfo object for the file. By default, the command writes no output.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>
    /// Continues, with one warning, if the service keeps returning fewer profiles than it counts, or if the count changes between
    /// pages because profiles are being updated. By default, the command ends with an error in both cases. Errors of the service,
    /// and a page that belongs to another query, always end the command.
    /// </summary>
    [Parameter]
    public SwitchParameter AllowIncomplete { get; set; }

    /// <summary>Makes sure that profiles can be read and that the delimiter is valid.</summary>
    protected override void BeginProcessing()
    {
        _ = Reader;
        if (!char.IsAscii(Delimiter) || Delimiter is '"' or '\r' or '\n' or '\0')
            this.ThrowTerminatingError(Failures.InvalidDelimiter(Delimiter));
    }

    /// <summary>Exports the profiles.</summary>
    protected override void EndProcessing()
    {
        var isLiteral = ParameterSetName == LiteralPathSet;
        var file = OutputPath.Resolve(this, isLiteral ? LiteralPath : Path, isLiteral);
        OutputPath.Require(this, file, overwrite: !NoClobber, overwriteReadOnly: Force);
        if (!ShouldProcess(file, "Export user profiles"))
            return;
        try
        {
            if (Property is null)
                ExportAll(file);
            else
                Write(file, Profiles(), Columns(Property));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or EncoderFallbackException)
        {
            this.ThrowTerminatingError(Failures.FileNotWritable(e, file));
        }

        if (PassThru)
            WriteObject(new FileInfo(file));
    }

    private protected override bool AllowsIncomplete => AllowIncomplete;

    private ProfileFilter Filter => new()
    {
        Where = Reader.Condition(Where, PropertyEquals),
        CohortId = IsBound(nameof(CohortId)) ? CohortId : null,
        OutputProperties = Property,
    };

    private void ExportAll(string file)
    {
        var temporary = AtomicFile.TemporaryPath(file);
        try
        {
            using var spool = new ProfileSpool(temporary);
            foreach (var profile in Profiles())
                spool.Add(profile);
            WarnOfLost(spool.NotColumns);
            Write(file, spool.Read(), spool.Columns);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private IEnumerable<ProfileRecord> Profiles()
    {
        var read = 0L;
        foreach (var page in Reader.Pages(Filter))
        {
            foreach (var profile in page.Profiles)
            {
                profile.Properties.Remove(ProfileObject.LastSeen);
                yield return profile;
            }

            read += page.Profiles.Count;
            WriteProgress(new(1, MyInvocation.MyCommand.Name, $"{Phrase.Number(read)} profiles read"));
        }

        WriteProgress(new(1, MyInvocation.MyCommand.Name, "Done") { RecordType = ProgressRecordType.Completed });
    }

    private List<string> Columns(string[] properties)
    {
        var columns = properties.Distinct(StringComparer.Ordinal).Where(name => name != ProfileObject.LastSeen && ProfileTable.CanHold(name)).ToList();
        WarnOfLost([.. properties.Except(columns, StringComparer.Ordinal)]);
        return columns;
    }

    private void WarnOfLost(IReadOnlyList<string> names)
    {
        if (names.Count > 0)
            this.Warn($"The file has no column for {Phrase.Names(names)}, because an import could not restore it.");
    }

    private void Write(string file, IEnumerable<ProfileRecord> profiles, IReadOnlyList<string> columns)
    {
        using var output = new AtomicFile(file, overwrite: !NoClobber);
        using (var table = new ProfileTable(Create(output.Stream), columns))
        {
            foreach (var profile in profiles)
            {
                if (Stopping)
                    throw new PipelineStoppedException();
                table.Write(profile);
            }

            table.Flush();
        }

        output.Commit();
    }

    private ICsvWriter Create(Stream stream)
    {
        var isForSpreadsheets = Dialect == Dialect.Excel;
        var encoding = isForSpreadsheets && !IsBound(nameof(Encoding)) ? new UTF8Encoding(true) : Encoding;
        var csv = Dependencies.Csv.Create(
            stream, new() { Delimiter = Delimiter, Encoding = encoding is UTF8Encoding ? encoding : EncodingNames.Strict(encoding) });
        return isForSpreadsheets ? new ProtectedOutput(csv) : csv;
    }
}
