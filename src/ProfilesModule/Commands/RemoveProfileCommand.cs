using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Rows;
using ProfilesModule.Rules;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>The base of the cmdlets that remove profiles.</summary>
public abstract class RemoveProfileCommand : DeliveryCommand
{
    /// <summary>The parameter set that takes ids.</summary>
    protected const string IdSet = "Id";

    /// <summary>The parameter set that takes objects with an id in a named property.</summary>
    protected const string ObjectSet = "Object";

    private ObjectIds? _objects;
    private ObjectUpdates? _updates;
    private long _sent;

    /// <summary>
    /// Objects, dictionaries or data rows that hold the id of a profile in the property named by <see cref="IdentifierProperty"/>.
    /// $null is ignored.
    /// </summary>
    [Parameter(ParameterSetName = ObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <inheritdoc cref="GetProfileCommand.IdentifierProperty"/>
    [Parameter(ParameterSetName = ObjectSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string? IdentifierProperty { get; set; }

    /// <summary>Removes the profiles without asking for confirmation.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the id of each removed profile, once the service has accepted the removal.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Makes sure that there is a connection before the command asks for confirmation.</summary>
    protected override void BeginProcessing()
    {
        if (Ids is null)
            this.ThrowTerminatingError(Failures.IdentifierIsNull);
        _ = Service;
        this.WarnOfLostZeros(Ids);
    }

    /// <summary>Removes the next profiles.</summary>
    protected override void ProcessRecord()
    {
        foreach (var id in ConfirmedIds())
            Remove(id);
    }

    /// <summary>Sends the remaining removals and waits for all outcomes.</summary>
    protected override void EndProcessing() => Finish();

    /// <summary>The ids of the profiles to remove; null if the argument is null.</summary>
    private protected abstract ProfileId[]? Ids { get; }

    /// <summary>The options of every record.</summary>
    private protected abstract RecordOptions Records { get; }

    private protected override bool MayStartAgain => true;

    private protected override string NextStep => "The same command removes the rest; profiles that are already removed do no harm.";

    /// <summary>The ids of this input that the user confirms. An object without an id is an error.</summary>
    private protected IEnumerable<string> ConfirmedIds()
    {
        var ids = ParameterSetName == ObjectSet
            ? InputObject is null ? [] : (_objects ??= new(IdentifierProperty!, this.WriteError)).Of(InputObject)
            : ProfileNoun.OfGroupKey(Ids ?? [], Records.GroupKey, this.WriteError);
        return ids.Where(id => IsConfirmed($"{ProfileNoun.Of(Records.GroupKey)} '{id}' {Service.Place}"));
    }

    /// <summary>Asks for confirmation, unless the user gave -Force.</summary>
    private protected bool IsConfirmed(string target)
    {
        var asks = !Force || IsWhatIf || IsBound("Confirm");
        return !asks || ShouldProcess(target, "Remove");
    }

    /// <summary>Removes a profile without confirmation.</summary>
    private protected void Remove(string id)
    {
        var run = Run ?? StartRun(Records, PassThru ? origin => WriteObject(origin.Source) : null);
        var origin = new UpdateOrigin(++_sent, 0, id);
        Deliver(run, origin, () => (_updates ??= new(run.Writer!, PipelineValues.Writer)).Delete(id, origin));
    }
}
