using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;

namespace ProfilesModule.Commands;

/// <summary>
/// Removes user profiles for good; the events of their users stay. Asks before each one, unless -Force or -Confirm:$false
/// is given. Removing a profile that does not exist is no error: the service answers both alike.
/// </summary>
/// <example>
/// <code>Get-UserProfile -DistinctId 123, 456 | Remove-UserProfile</code>
/// <para>Removes two profiles, after asking for each.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "UserProfile", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(string))]
public sealed class RemoveUserProfileCommand : RemoveProfileCommand
{
    /// <summary>The distinct ids of the profiles, as text or as objects with a property DistinctId, distinct_id or $distinct_id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("distinct_id", "$distinct_id")]
    [DistinctIdTransformation]
    public string[] DistinctId { get; set; } = [];

    /// <summary>
    /// Takes each distinct id literally. Without it, an id that is an alias of another stands for that other, and the profile
    /// behind it is removed; use it to remove a duplicate whose id is an alias.
    /// </summary>
    [Parameter]
    public SwitchParameter IgnoreAlias { get; set; }

    private protected override IReadOnlyList<string> Ids => DistinctId;

    private protected override string Noun => "profile";

    private protected override RecordOptions Records => new() { IgnoreAlias = IgnoreAlias };
}
