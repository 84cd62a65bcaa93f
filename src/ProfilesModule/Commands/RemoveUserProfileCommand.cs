using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Pipeline;
using ProfilesModule.Rows;
using ProfilesModule.Sources;

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
public sealed class RemoveUserProfileCommand : DeliveryCommand
{
    private ObjectUpdates? _updates;
    private long _rows;

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

    /// <summary>Does not ask before removing.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the distinct id of each profile that was removed, once the service has accepted it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Makes sure that there is a connection before anybody is asked.</summary>
    protected override void BeginProcessing() => _ = Service;

    /// <summary>Takes the next profiles.</summary>
    protected override void ProcessRecord()
    {
        foreach (var distinctId in DistinctId)
            Remove(distinctId);
    }

    /// <summary>Sends the rest and waits for the outcome of every profile.</summary>
    protected override void EndProcessing() => Finish();

    private void Remove(string distinctId)
    {
        var asks = !Force || IsWhatIf || MyInvocation.BoundParameters.ContainsKey("Confirm");
        if (asks && !ShouldProcess($"profile '{distinctId}'", "Remove"))
            return;
        var run = StartRun(new PipelineRowDescription(), new() { IgnoreAlias = IgnoreAlias }, PassThru ? origin => WriteObject(origin.Source) : null);
        var origin = new UpdateOrigin(++_rows, 0, distinctId);
        Deliver(run, origin, () => (_updates ??= new(run.Writer, PipelineValues.Writer)).Delete(distinctId, origin));
    }
}
