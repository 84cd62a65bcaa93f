using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Mapping;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>
/// Imports user profiles from JSON files: one object per line (NDJSON), or one list of objects. Every member except the identifier
/// is set as a property, with its value unchanged. Objects can be those that Remove-UserProfile -BackupPath writes, those of
/// Get-UserProfile with ConvertTo-Json, query results of the service (with $properties), and Segment identify calls (with
/// userId and traits). Requests to /engage are imported with their own operation, if all requests have the same one. Values of
/// MongoDB's extended JSON, such as {"$oid":"…"} and {"$date":"…"}, and dates such as /Date(0)/ become the values that they stand for.
/// Files are streamed, so their size does not matter. Always ends with one summary, whose ExitCode is for jobs.
/// </summary>
/// <example>
/// <code>Import-UserProfileJson users.ndjson -IdentifierProperty user_id</code>
/// <para>Imports a file whose member user_id holds the distinct ids.</para>
/// </example>
/// <example>
/// <code>Import-UserProfileJson firebase.json -Root users -IdentifierProperty localId</code>
/// <para>Imports the elements of the list users, from a file that is one object.</para>
/// </example>
/// <example>
/// <code>Remove-UserProfile -PropertyEquals @{ plan = 'trial' } -BackupPath trials.jsonl; Import-UserProfileJson trials.jsonl -IgnoreTime</code>
/// <para>Restores removed profiles, with the types of their values.</para>
/// </example>
/// <example>
/// <code>$result = Import-UserProfileJson segment-*.ndjson -JournalPath segment.journal -Resume -RejectPath refused.ndjson; exit ($result ? $result.ExitCode : 2)</code>
/// <para>Imports Segment identify calls in an unattended job: the traits email, firstName and so on become $email, $first_name and
/// so on.</para>
/// </example>
/// <example>
/// <code>Import-UserProfileJson refused.ndjson -RejectPath refused-again.ndjson</code>
/// <para>Imports the rejected objects again, after you have corrected them.</para>
/// </example>
/// <remarks>
/// <para>An object of NDJSON that cannot be read does not affect the others. In a list, in objects that take several lines, and if
/// none of the first lines is an object, text that is not JSON ends the file there; the objects before it are sent. Files are UTF-8.</para>
/// <para>An import that ends early writes its error and then its summary, and does not throw, so that a job has an ExitCode: 0 if
/// every row was accepted or skipped, 1 if some were rejected or are unknown, 75 if the import stopped early and can continue later
/// (the service was down or limited the rate, or the time limit was reached), 2 if it stopped early and would again.</para>
/// </remarks>
/// <seealso cref="ImportUserProfileCsvCommand"/>
/// <seealso cref="SetUserProfileCommand"/>
[Cmdlet(VerbsData.Import, "UserProfileJson", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(ImportResult))]
public sealed class ImportUserProfileJsonCommand : ImportCommand
{
    private readonly RowParameters _rows = new();

    /// <summary>
    /// The name of the member that holds the distinct id, as text or an integer. Default: DistinctId, distinct_id or $distinct_id,
    /// whichever the object has, otherwise the userId of a Segment identify call.
    /// </summary>
    [MappingMember]
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FieldNameCompleter))]
    public string? IdentifierProperty { get; set; }

    /// <summary>
    /// The list that holds the objects, if they are inside another object: its name, such as users, or the names that lead to it, such as
    /// data.users. Query replies of the service do not need it. A reject file of such an import is read without it.
    /// </summary>
    [MappingMember]
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Root { get; set; }

    /// <inheritdoc cref="ImportUserProfileCsvCommand.IgnoreTime"/>
    [MappingMember]
    [Parameter]
    public SwitchParameter IgnoreTime { get; set; }

    /// <inheritdoc cref="ImportUserProfileCsvCommand.Path"/>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0, ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <inheritdoc cref="ImportUserProfileCsvCommand.LiteralPath"/>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc cref="ImportUserProfileCsvCommand.Unique"/>
    [MappingMember]
    [Parameter]
    public SwitchParameter Unique { get; set; }

    /// <inheritdoc cref="ImportUserProfileCsvCommand.MaxParseErrors"/>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxParseErrors { get; set; }

    /// <inheritdoc cref="ImportUserProfileCsvCommand.SkipSuperseded"/>
    [Parameter]
    public SwitchParameter SkipSuperseded { get; set; }

    /// <inheritdoc cref="ImportUserProfileCsvCommand.BackupPath"/>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BackupPath { get; set; }

    /// <inheritdoc/>
    public override object GetDynamicParameters() => _rows;

    private protected override string? Backup => BackupPath;

    private protected override FileImport Files => new(Unique, SkipSuperseded, MaxParseErrors);

    private protected override RecordOptions Records => new() { IgnoreTime = IgnoreTime };

    private protected override IEnumerable<string> Inputs() => Resolve(Path, LiteralPath);

    private protected override RowSource CreateSource() => _rows.JsonSource(this, IdentifierProperty, Root, IdentifierNames, Operation);
}
