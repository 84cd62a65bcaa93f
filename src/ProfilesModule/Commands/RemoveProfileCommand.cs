using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Pipeline;
using ProfilesModule.Rows;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>The base of the cmdlets that remove profiles.</summary>
public abstract class RemoveProfileCommand : DeliveryCommand
{
    /// <summary>The parameter set of named profiles.</summary>
    protected const string IdSet = "Id";

    /// <summary>The parameter set of objects with a named property that holds the identifier.</summary>
    protected const string ObjectSet = "Object";

    private readonly PipelineRow _row = new();
    private ObjectUpdates? _updates;
    private long _inputs;
    private long _rows;

    /// <summary>Objects, dictionaries or data rows whose property <see cref="IdentifierProperty"/> names a profile. $null names none.</summary>
    [Parameter(ParameterSetName = ObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>The name of the property that holds the identifier, whatever else the objects have. Default: the usual names.</summary>
    [Parameter(ParameterSetName = ObjectSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string? IdentifierProperty { get; set; }

    /// <summary>Does not ask before removing.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the identifier of each profile that was removed, once the service has accepted it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Makes sure that there is a connection before anybody is asked.</summary>
    protected override void BeginProcessing()
    {
        if (Ids is null)
            ThrowTerminatingError(Errors.IdentifierIsNull());
        _ = Service;
    }

    /// <summary>Takes the next profiles.</summary>
    protected override void ProcessRecord()
    {
        foreach (var id in Asked)
            Remove(id);
    }

    /// <summary>Sends the rest and waits for the outcome of every profile.</summary>
    protected override void EndProcessing() => Finish();

    /// <summary>The profiles that this input names; an object that names none is an error.</summary>
    private protected IReadOnlyList<string> Asked =>
        ParameterSetName != ObjectSet ? Ids ?? []
        : InputObject is null ? []
        : ObjectRow.Id(_row, InputObject, IdentifierProperty!, ++_inputs, WriteError);

    /// <summary>The profiles to remove; null when a null stands for them.</summary>
    private protected abstract IReadOnlyList<string>? Ids { get; }

    /// <summary>What a profile is called in a question.</summary>
    private protected abstract string Noun { get; }

    /// <summary>What every record carries.</summary>
    private protected abstract RecordOptions Records { get; }

    private protected override string NextStep => "The same command removes the rest; profiles that are gone do no harm.";

    /// <summary>Asks whether to remove something, unless the user said not to be asked.</summary>
    /// <param name="target">What is to be removed.</param>
    private protected bool IsConfirmed(string target)
    {
        var asks = !Force || IsWhatIf || MyInvocation.BoundParameters.ContainsKey("Confirm");
        return !asks || ShouldProcess(target, "Remove");
    }

    /// <summary>Removes a profile without asking.</summary>
    /// <param name="id">Its identifier.</param>
    private protected void Send(string id)
    {
        var run = Run ?? StartRun(new PipelineRowDescription(), Records, PassThru ? origin => WriteObject(origin.Source) : null);
        var origin = new UpdateOrigin(++_rows, 0, id);
        Deliver(run, origin, () => (_updates ??= new(run.Writer, PipelineValues.Writer)).Delete(id, origin));
    }

    private void Remove(string id)
    {
        if (IsConfirmed($"{Noun} '{id}' {Service.Place}"))
            Send(id);
    }
}
