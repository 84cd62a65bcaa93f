using System.Management.Automation;
using ProfilesModule.Delivery;
using ProfilesModule.Isolation;
using ProfilesModule.Mapping;
using ProfilesModule.Rules;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>
/// Imports user profiles from CSV files: sets every column except the identifier as a property, as text, and leaves out empty
/// cells. Files are streamed, so their size does not matter. Always ends with one summary, whose ExitCode is for jobs.
/// </summary>
/// <example>
/// <code>Import-UserProfileCsv users.csv -IdentifierColumn user_id</code>
/// <para>Imports a file whose column user_id holds the distinct ids.</para>
/// </example>
/// <example>
/// <code>
/// $ErrorActionPreference = 'Stop'
/// $result = Import-UserProfileCsv *.csv -Delimiter ';' -Encoding 1252 -ErrorAction Continue
/// exit ($result ? $result.ExitCode : 2)
/// </code>
/// <para>Imports several files as one run in an unattended job. The first statement ends the job if the module or a parameter does
/// not exist; -ErrorAction Continue keeps a rejected row from ending it.</para>
/// </example>
/// <example>
/// <code>Import-UserProfileCsv exports/*.csv.gz</code>
/// <para>Imports compressed files directly.</para>
/// </example>
/// <example>
/// <code>Import-UserProfileCsv -</code>
/// <para>Imports the output of another program as it arrives, in a script that the program is piped to: zcat users.csv.gz | pwsh
/// import.ps1.</para>
/// </example>
/// <example>
/// <code>$result = Import-UserProfileCsv users.csv -JournalPath users.journal -Resume -RejectPath refused.csv -LogPath imports.log; exit ($result ? $result.ExitCode : 2)</code>
/// <para>Starts the import, or continues it where an earlier run was killed. Rejected rows are written to refused.csv.</para>
/// </example>
/// <example>
/// <code>Import-UserProfileCsv refused.csv -RejectPath refused-again.csv</code>
/// <para>Imports the rejected rows again, after you have corrected them.</para>
/// </example>
/// <example>
/// <code>
/// $files = @{ JournalPath = 'state/{partition}.journal'; RejectPath = 'state/{partition}.csv'; LogPath = 'logs/{partition}.log' }
/// Import-UserProfileCsv users.csv -Partition Auto -Resume @files
/// </code>
/// <para>Imports the part of the file that belongs to this task of a Slurm job array or an AWS Batch array job. A Kubernetes indexed Job
/// also needs -PartitionCount.</para>
/// </example>
/// <example>
/// <code>Import-UserProfileCsv users.csv -WhatIf</code>
/// <para>Reads the file, and reports the rows that cannot be sent and the number of updates and requests. Sends nothing.</para>
/// </example>
/// <remarks>
/// An import that ends early writes its error and then its summary, and does not throw, so that a job has an ExitCode: 0 if every
/// row was accepted or skipped, 1 if some were rejected or are unknown, 75 if the import stopped early and can continue later (the
/// service was down or limited the rate, or the time limit was reached), 2 if it stopped early and would again.
/// </remarks>
/// <seealso cref="SetUserProfileCommand"/>
/// <seealso cref="ConnectUserProfileServiceCommand"/>
[Cmdlet(VerbsData.Import, "UserProfileCsv", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(ImportResult))]
public sealed class ImportUserProfileCsvCommand : ImportCommand
{
    /// <summary>Names of columns that identify users when there is none for the distinct id, as in the service's own wizard.</summary>
    internal static readonly string[] EmailNames = ["$email", "email"];

    private readonly CsvParameters _csv = new();

    /// <summary>Does not change when the profiles were last updated. Use it to backfill data.</summary>
    [MappingMember]
    [Parameter]
    public SwitchParameter IgnoreTime { get; set; }

    /// <summary>
    /// Gives each row of a file that has no column for the distinct id a random one, a GUID. Importing the file again creates
    /// new profiles, so it cannot be used with -JournalPath. It cannot be used with -IdentifierColumn or -Unique either.
    /// </summary>
    [MappingMember]
    [Parameter]
    public SwitchParameter RandomIdentifier { get; set; }

    /// <summary>
    /// The files to import, as one run. A wildcard matches files in the order of their names, except those that the import itself
    /// writes. Files that are compressed with gzip or Zstandard, such as .csv.gz and .csv.zst, are recognized by their
    /// content. A dash (-) is the standard input
    /// of pwsh, unless it is a terminal or PowerShell reads it itself. Standard input and pipes can be read only once, so they cannot
    /// be used with -JournalPath, -Unique and -Confirm.
    /// </summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0, ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The files to import, by their exact names, such as those of Get-ChildItem.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>
    /// Sends only the last row of each identifier in a file. This requires reading the file twice, and memory for the identifiers. The
    /// rows before it count as skipped. By default, every row is sent, in order.
    /// </summary>
    [MappingMember]
    [Parameter]
    public SwitchParameter Unique { get; set; }

    /// <summary>
    /// The number of rows that cannot be parsed after which the import ends, because the file may not have the expected format: CSV
    /// rows with unbalanced quotes or with more or fewer fields than -MismatchedFieldAction accepts, lines that are not JSON, bytes
    /// that are not valid in the encoding, and damaged rows of a reject file. They also count toward -MaxFailure. Default: no limit.
    /// A resumed import starts counting again.
    /// </summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxParseErrors { get; set; }

    /// <summary>
    /// Leaves out the rows of a reject file whose _error says that a later row of the same profile was sent, because they would restore
    /// older values. They count as skipped. By default, they are sent, and a warning states their number.
    /// </summary>
    [Parameter]
    public SwitchParameter SkipSuperseded { get; set; }

    /// <summary>
    /// A file to save profiles to before -RemoveMissing removes them, as -BackupPath of Remove-UserProfile does: CSV, or lines of JSON if
    /// the path ends in .jsonl or .ndjson. An existing file is never overwritten. Profiles that cannot be read or saved are not removed.
    /// Requires a connection that can read.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BackupPath { get; set; }

    /// <inheritdoc/>
    public override object GetDynamicParameters() => _csv;

    private protected override string? Backup => BackupPath;

    private protected override string? UnfitForState => RandomIdentifier ? "-RandomIdentifier" : null;

    private protected override FileImport Files => new(Unique, SkipSuperseded, MaxParseErrors);

    private protected override RecordOptions Records => new() { IgnoreTime = IgnoreTime };

    private protected override IEnumerable<string> Inputs() => Resolve(Path, LiteralPath);

    private protected override RowSource CreateSource()
    {
        if (RandomIdentifier && (JournalPath is not null ? "-JournalPath" : ConflictWithRandomIdentifier(_csv, Unique)) is { } other)
            throw new FailureException(Failures.RandomIdentifierUnfit(other));
        return new CsvSource(
            Dependencies.Csv, _csv.CsvOptions(Operation) with { OtherIdentifiers = EmailNames, MakesIdentifiers = RandomIdentifier });
    }

    /// <summary>A parameter that random identifiers contradict; null for none.</summary>
    internal static string? ConflictWithRandomIdentifier(CsvParameters csv, bool unique) =>
        csv.IdentifierColumn is not null ? "-IdentifierColumn" : unique ? "-Unique" : null;
}
