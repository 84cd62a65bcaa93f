using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Rows;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>
/// Sets properties of group profiles, and creates the profiles that do not exist. Takes rows from the pipeline, or changes to
/// named groups, as Set-UserProfile does; the service knows no adding and no appending for groups.
/// </summary>
/// <example>
/// <code>Import-Csv companies.csv | Set-GroupProfile -GroupKey company -IdentifierProperty company_id</code>
/// <para>Sets every column of the file but company_id as a property of the company that company_id names.</para>
/// </example>
/// <example>
/// <code>Set-GroupProfile acme -GroupKey company -Property @{ plan = 'enterprise' } -Union @{ regions = 'EU' }</code>
/// <para>Changes one company in two ways.</para>
/// </example>
/// <seealso cref="SetUserProfileCommand"/>
[Cmdlet(VerbsCommon.Set, "GroupProfile", SupportsShouldProcess = true, DefaultParameterSetName = RowSet)]
[OutputType(typeof(GroupProfile))]
public sealed class SetGroupProfileCommand : SetProfileCommand
{
    /// <summary>The kind of group, as the project's settings name it, such as company. Updates of a kind that the project does not know are answered like any other and lost.</summary>
    [Parameter(Mandatory = true)]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    public string GroupKey { get; set; } = "";

    /// <summary>The ids of the groups to change, as text or as objects with a property GroupId, group_id or $group_id.</summary>
    [Parameter(ParameterSetName = PropertySet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("group_id", "$group_id")]
    [AllowNull]
    [GroupIdTransformation(AllowNull = true)]
    public string[]? GroupId { get; set; } = [];

    /// <summary>Takes a row, or the groups of one, and refuses those of another kind.</summary>
    protected override void ProcessRecord()
    {
        GroupId = GroupIds.OfKind(GroupId ?? [], GroupKey, WriteError);
        base.ProcessRecord();
    }

    private protected override IReadOnlyList<string>? Ids => GroupId;

    private protected override string Noun => $"{GroupKey} profile";

    private protected override IReadOnlyList<string> IdentifierNames => PipelineRow.GroupIdNames;

    private protected override SegmentCall Call => SegmentCall.Group;

    private protected override RecordOptions Records => base.Records with { GroupKey = GroupKey };

    private protected override ServiceProfile Profile(string id, PropertyDictionary properties) => new GroupProfile(GroupKey, id, null, properties);
}
