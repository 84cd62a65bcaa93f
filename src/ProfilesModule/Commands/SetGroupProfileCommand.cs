using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;

namespace ProfilesModule.Commands;

/// <summary>
/// Sets properties of group profiles, and creates profiles that do not exist. Takes rows from the pipeline, or changes to given
/// groups, as Set-UserProfile does. The service does not support $add and $append for groups.
/// </summary>
/// <example>
/// <code>Import-Csv companies.csv | Set-GroupProfile -GroupKey company -IdentifierProperty company_id</code>
/// <para>Sets every column of the file except company_id as a property of the company that company_id identifies.</para>
/// </example>
/// <example>
/// <code>Set-GroupProfile acme -GroupKey company -Property @{ plan = 'enterprise' } -Union @{ regions = 'EU' }</code>
/// <para>Makes two changes to one company.</para>
/// </example>
/// <seealso cref="SetUserProfileCommand"/>
[Cmdlet(VerbsCommon.Set, "GroupProfile", SupportsShouldProcess = true, DefaultParameterSetName = RowSet)]
[OutputType(typeof(GroupProfile))]
public sealed class SetGroupProfileCommand : SetProfileCommand
{
    /// <summary>
    /// The group key from the project settings, such as company. The service accepts updates for a key that the project does not
    /// have, and discards them without an error.
    /// </summary>
    [Parameter(Mandatory = true)]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    public string GroupKey { get; set; } = "";

    /// <summary>
    /// The ids of the groups to change: text, numbers, or objects with a property GroupId, group_id or $group_id. In a list, put ids
    /// that begin with a zero in quotes.
    /// </summary>
    [Parameter(ParameterSetName = PropertySet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("group_id", "$group_id")]
    [AllowNull]
    [ProfileIdTransformation(ForGroups = true)]
    public ProfileId[]? GroupId { get; set; } = [];

    private protected override ProfileId[]? Ids => GroupId;

    private protected override RecordOptions Records => base.Records with { GroupKey = GroupKey };

    private protected override ServiceProfile Profile(string id, PropertyDictionary properties) => new GroupProfile(GroupKey, id, null, properties);
}
