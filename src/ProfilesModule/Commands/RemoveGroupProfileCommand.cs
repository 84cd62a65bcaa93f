using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;

namespace ProfilesModule.Commands;

/// <summary>
/// Removes group profiles permanently. The command asks for confirmation before each profile, unless you use -Force or
/// -Confirm:$false. Removing a profile that does not exist is not an error, because the service gives the same reply.
/// </summary>
/// <example>
/// <code>Remove-GroupProfile acme -GroupKey company</code>
/// <para>Removes the profile of one company, after confirmation.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "GroupProfile", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = IdSet)]
[OutputType(typeof(string))]
public sealed class RemoveGroupProfileCommand : RemoveProfileCommand
{
    /// <summary>The group key from the project settings, such as company.</summary>
    [Parameter(Mandatory = true)]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    public string GroupKey { get; set; } = "";

    /// <summary>
    /// The ids of the groups: text, numbers, or objects with a property GroupId, group_id or $group_id. In a list, put ids that begin
    /// with a zero in quotes.
    /// </summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("group_id", "$group_id")]
    [AllowNull]
    [ProfileIdTransformation(ForGroups = true)]
    public ProfileId[]? GroupId { get; set; } = [];

    private protected override ProfileId[]? Ids => GroupId;

    private protected override RecordOptions Records => new() { GroupKey = GroupKey };
}
