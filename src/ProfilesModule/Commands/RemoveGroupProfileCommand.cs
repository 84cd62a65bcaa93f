using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Rows;

namespace ProfilesModule.Commands;

/// <summary>
/// Removes group profiles for good. Asks before each one, unless -Force or -Confirm:$false is given. Removing a profile that
/// does not exist is no error: the service answers both alike.
/// </summary>
/// <example>
/// <code>Remove-GroupProfile acme -GroupKey company</code>
/// <para>Removes the profile of one company, after asking.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "GroupProfile", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = IdSet)]
[OutputType(typeof(string))]
public sealed class RemoveGroupProfileCommand : RemoveProfileCommand
{
    /// <summary>The kind of group, as the project's settings name it, such as company.</summary>
    [Parameter(Mandatory = true)]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    public string GroupKey { get; set; } = "";

    /// <summary>The ids of the groups, as text or as objects with a property GroupId, group_id or $group_id.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("group_id", "$group_id")]
    [AllowNull]
    [GroupIdTransformation(AllowNull = true)]
    public string[]? GroupId { get; set; } = [];

    /// <summary>Takes the next groups, and refuses those of another kind.</summary>
    protected override void ProcessRecord()
    {
        GroupId = GroupIds.OfKind(GroupId ?? [], GroupKey, WriteError);
        base.ProcessRecord();
    }

    private protected override IReadOnlyList<string>? Ids => GroupId;

    private protected override string Noun => $"{GroupKey} profile";

    private protected override RecordOptions Records => new() { GroupKey = GroupKey };
}
