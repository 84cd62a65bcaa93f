using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Query;

namespace ProfilesModule.Commands;

/// <summary>
/// Reads group profiles of one kind: all of them, those that a filter is true for, or those of some group ids. Profiles are
/// written as their pages arrive, and no page is asked for that nobody waits for.
/// </summary>
/// <example>
/// <code>Get-GroupProfile -DataGroupId 4215890172351284911 -GroupKey company</code>
/// <para>Reads all companies. The project's settings show the data group id of each kind of group.</para>
/// </example>
/// <remarks>
/// UpdatedAt is in the time zone of the project, which the service does not state, so its Kind is Unspecified. The embedded service uses UTC.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "GroupProfile", SupportsPaging = true, DefaultParameterSetName = FilterSet)]
[OutputType(typeof(GroupProfile))]
public sealed class GetGroupProfileCommand : GetProfileCommand
{
    /// <summary>The data group id of the kind of group, as the project's settings show it: up to 19 digits, perhaps with a minus. The service reads by it, not by the group key.</summary>
    [Parameter(Mandatory = true)]
    [ValidatePattern("^-?[0-9]{1,19}$")]
    public string DataGroupId { get; set; } = "";

    /// <summary>The kind of group, such as company, for the GroupKey of the profiles that are written; the service does not return it.</summary>
    [Parameter]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    public string? GroupKey { get; set; }

    /// <summary>The ids of the groups to read, as text or as objects with a property GroupId, group_id or $group_id. Each that is not found is an error.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("group_id", "$group_id")]
    [AllowEmptyCollection]
    [GroupIdTransformation]
    public string[] GroupId { get; set; } = [];

    private protected override IReadOnlyList<string> Ids => GroupId;

    private protected override string Noun => "group id";

    private protected override ProfileFilter Everything => base.Everything with { DataGroupId = DataGroupId };

    private protected override ServiceProfile Profile(ProfileRecord record, DateTime? updatedAt) => new GroupProfile(GroupKey, record.DistinctId, updatedAt, (PropertyDictionary)record.Properties);
}
