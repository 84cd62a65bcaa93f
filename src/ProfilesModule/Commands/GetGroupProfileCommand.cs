using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Query;

namespace ProfilesModule.Commands;

/// <summary>
/// Gets the group profiles of one group key: all of them, those that match a filter, or those with given group ids. The command
/// writes profiles page by page, and requests no page that the pipeline does not need.
/// </summary>
/// <example>
/// <code>Get-GroupProfile -DataGroupId 4215890172351284911 -GroupKey company</code>
/// <para>Gets all companies. The project settings show the data group id of each group key.</para>
/// </example>
/// <remarks>
/// UpdatedAt is in the time zone of the project. The service does not state which one, so the Kind of the value is Unspecified. The
/// embedded service uses UTC.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "GroupProfile", SupportsPaging = true, DefaultParameterSetName = FilterSet)]
[OutputType(typeof(GroupProfile))]
public sealed class GetGroupProfileCommand : GetProfileCommand
{
    /// <summary>
    /// The data group id that the project settings show for the group key: up to 19 digits, with or without a minus sign. Queries
    /// use this id instead of the group key.
    /// </summary>
    [Parameter(Mandatory = true)]
    [ValidatePattern("^-?[0-9]{1,19}$")]
    public string DataGroupId { get; set; } = "";

    /// <summary>The group key, such as company, for the GroupKey property of the profiles. The service does not return it.</summary>
    [Parameter]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    public string? GroupKey { get; set; }

    /// <summary>
    /// The ids of the groups to read: text, numbers, or objects with a property GroupId, group_id or $group_id. An id that is not
    /// found is an error. In a list, put ids that begin with a zero in quotes.
    /// </summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("group_id", "$group_id")]
    [AllowEmptyCollection]
    [ProfileIdTransformation(ForGroups = true)]
    public ProfileId[] GroupId { get; set; } = [];

    private protected override ProfileId[] Ids => GroupId;

    private protected override string Noun => "group id";

    private protected override ProfileFilter Filter => base.Filter with { DataGroupId = DataGroupId };

    private protected override ServiceProfile Profile(ProfileRecord record, DateTime? updatedAt) => new GroupProfile(GroupKey, record.DistinctId, updatedAt, (PropertyDictionary)record.Properties);
}
