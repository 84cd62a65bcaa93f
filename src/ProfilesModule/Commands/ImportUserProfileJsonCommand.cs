using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Json;

namespace ProfilesModule.Commands;

/// <summary>
/// Imports user profiles from JSON files: an object a line (NDJSON), or one list of objects. Every member but the identifier is
/// set as a property, with its value as it stands in the file. Objects are taken as they are written by Remove-UserProfile
/// -BackupPath, by Get-UserProfile with ConvertTo-Json, by the service's query (with $properties) and by Segment (identify
/// calls, with userId and traits). Files are streamed, so their size does not matter. Always ends with one summary, whose
/// ExitCode is for jobs.
/// </summary>
/// <example>
/// <code>Import-UserProfileJson users.ndjson -IdentifierProperty user_id</code>
/// <para>Imports a file whose objects have the distinct ids in user_id.</para>
/// </example>
/// <example>
/// <code>Remove-UserProfile -PropertyEquals @{ plan = 'trial' } -BackupPath trials.jsonl; Import-UserProfileJson trials.jsonl -IgnoreTime</code>
/// <para>Takes removed profiles back, with the types of their values.</para>
/// </example>
/// <example>
/// <code>$result = Import-UserProfileJson segment-*.ndjson -JournalPath segment.journal -Resume -RejectPath refused.ndjson; exit ($result ? $result.ExitCode : 2)</code>
/// <para>Imports identify calls of Segment in an unattended job: the traits email, firstName and so on become $email, $first_name and so on.</para>
/// </example>
/// <example>
/// <code>Import-UserProfileJson refused.ndjson -RejectPath refused-again.ndjson</code>
/// <para>Tries the refused objects again, once they are corrected.</para>
/// </example>
/// <remarks>
/// <para>An object of NDJSON that cannot be read does not affect the others. In a list, and in objects that take several lines, text that is
/// not JSON ends the file there: what was read before it is sent. Files are UTF-8.</para>
/// <para>An import that ends early writes its error and then its summary, and does not throw, so that a job has an ExitCode: 0 when
/// every row was accepted or skipped, 1 when some were rejected or are unknown, 75 when it stopped early and may go on later (the
/// service was down, limits its rate, or the time was over), 2 when it stopped early and would again.</para>
/// </remarks>
/// <seealso cref="ImportUserProfileCsvCommand"/>
/// <seealso cref="SetUserProfileCommand"/>
[Cmdlet(VerbsData.Import, "UserProfileJson", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(ImportResult))]
public sealed class ImportUserProfileJsonCommand : ImportCommand, IDynamicParameters
{
    private readonly RowParameters _rows = new();

    /// <summary>
    /// The name of the member that holds the distinct id, as text or an integer. Default: DistinctId, distinct_id or $distinct_id,
    /// whichever the object has, else the userId of an identify call of Segment.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FieldNameCompleter))]
    public string? IdentifierProperty { get; set; }

    /// <inheritdoc cref="ImportUserProfileCsvCommand.IgnoreTime"/>
    [Parameter]
    public SwitchParameter IgnoreTime { get; set; }

    /// <summary>The parameters for rows of files.</summary>
    public object GetDynamicParameters() => _rows;

    private protected override string Noun => "user profile";

    private protected override RecordOptions Records => new() { IgnoreTime = IgnoreTime };

    private protected override IEnumerable<object> ShapingParameters => [this, _rows];

    private protected override RowSource CreateSource() =>
        new JsonSource(_rows.JsonOptions(IdentifierProperty, ShownProfile.DistinctIdNames));
}
