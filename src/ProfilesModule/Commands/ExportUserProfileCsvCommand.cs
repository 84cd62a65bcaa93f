using System.Collections;
using System.Management.Automation;
using System.Text;
using ProfilesModule.Binding;
using ProfilesModule.Export;
using ProfilesModule.Files;
using ProfilesModule.Isolation;
using ProfilesModule.Pipeline;
using ProfilesModule.Query;

namespace ProfilesModule.Commands;

/// <summary>
/// Exports user profiles to a CSV file: the column $distinct_id, then one for each property that some profile has a value
/// for, in the order of their characters' codes. Text is written as it is, numbers, Booleans, lists and objects as their
/// JSON; null and empty text are empty cells. $last_seen is left out, since the service keeps it. Import-UserProfileCsv takes
/// the file back: it finds the identifier, leaves empty cells out, and sets all else as text. The file has its name only once
/// it is whole, and only the user may read it, unless it takes the place of a file that others may read. Values that begin with =, +, - or @ are written unchanged: do not open the
/// file in a spreadsheet that would calculate them, but import its columns there as text.
/// </summary>
/// <example>
/// <code>Export-UserProfileCsv profiles.csv</code>
/// <para>Exports all profiles with all their properties.</para>
/// </example>
/// <example>
/// <code>Export-UserProfileCsv trials.csv -PropertyEquals @{ plan = 'trial' } -Property '$email', signed_up -Force</code>
/// <para>Exports two properties of some profiles, in this order, even over a read-only file.</para>
/// </example>
[Cmdlet(VerbsData.Export, "UserProfileCsv", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(FileInfo))]
public sealed class ExportUserProfileCsvCommand : UserProfileCommand
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>The file to write. Wildcards stand for the one file that exists and matches.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string Path { get; set; } = "";

    /// <summary>The file to write, by its exact name.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string LiteralPath { get; set; } = "";

    /// <summary>The character that separates fields, an ASCII character. Default a comma.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(DelimiterCompleter))]
    public char Delimiter { get; set; } = ',';

    /// <summary>An expression of the service's language that is true for the profiles to export. Default: all profiles.</summary>
    [Parameter]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    public string? Where { get; set; }

    /// <summary>The values that properties of the profiles to export have, all of them: text, numbers and Booleans, or $null for a property that is not set.</summary>
    [Parameter]
    [ValidateUnicode]
    [ValidateNotNull]
    public IDictionary? PropertyEquals { get; set; }

    /// <summary>The id of the cohort that the users to export are in.</summary>
    [Parameter]
    public long CohortId { get; set; }

    /// <summary>
    /// The names of the properties to export, in this order, each a column whether a profile has it or not. Default: all. Then
    /// the profiles are kept in a temporary file beside the other until the last has come, since only then all columns are known.
    /// </summary>
    [Parameter]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string[]? Property { get; set; }

    /// <summary>The encoding of the file: a name as for Export-Csv, or the number of a code page. Default UTF-8 without a byte order mark. Text that it has no form for ends the command.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = new UTF8Encoding(false);

    /// <summary>Overwrites a read-only file too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Overwrites no file, not even with -Force.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Writes the file as an object. Without it nothing is written, as by Export-Csv.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>
    /// Goes on, with one warning, where the service returns fewer profiles than it counts in every attempt, or
    /// counts others while pages are read, as when profiles are changed meanwhile. Without it either ends the command. What the
    /// service calls an error, and a page of another query, ends it all the same.
    /// </summary>
    [Parameter]
    public SwitchParameter AllowIncomplete { get; set; }

    /// <summary>Makes sure that profiles can be read and the delimiter serves.</summary>
    protected override void BeginProcessing()
    {
        _ = Reader;
        if (!char.IsAscii(Delimiter) || Delimiter is '"' or '\r' or '\n' or '\0')
            ThrowTerminatingError(Errors.InvalidDelimiter(Delimiter));
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
            ThrowTerminatingError(Errors.FileNotWritable(e, file));
        }

        if (PassThru)
            WriteObject(new FileInfo(file));
    }

    private protected override bool AllowsIncomplete => AllowIncomplete;

    private ProfileFilter Filter => new()
    {
        Where = Reader.Condition(Where, PropertyEquals),
        CohortId = MyInvocation.BoundParameters.ContainsKey(nameof(CohortId)) ? CohortId : null,
        OutputProperties = Property,
    };

    private void ExportAll(string file)
    {
        var temporary = WholeFile.TemporaryPath(file);
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
            WriteProgress(new(1, MyInvocation.MyCommand.Name, $"{read:N0} profiles read"));
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
            this.Warn($"The file has no column for {Errors.Names(names)}: an import could not take it back.");
    }

    private void Write(string file, IEnumerable<ProfileRecord> profiles, IReadOnlyList<string> columns)
    {
        using var output = new WholeFile(file, overwrite: !NoClobber);
        using (var table = new ProfileTable(Dependencies.Csv.Create(output.Stream, new() { Delimiter = Delimiter, Encoding = Encoding is UTF8Encoding ? Encoding : EncodingNames.Strict(Encoding) }), columns))
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
}
