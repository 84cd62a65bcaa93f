using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Rows;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>The base of the cmdlets that set properties of profiles: rows of the pipeline, or changes to named profiles.</summary>
public abstract class SetProfileCommand : DeliveryCommand
{
    /// <summary>The parameter set of rows that come through the pipeline.</summary>
    protected const string RowSet = "Row";

    /// <summary>The parameter set of named profiles.</summary>
    protected const string PropertySet = "Property";

    private readonly ProfileObject _profiles = new() { Warn = _ => { } };
    private readonly PipelineRow _row;
    private readonly PipelineRow _accepted = new();
    private readonly List<string> _untold = [];
    private RuleWarnings? _warnings;
    private ObjectUpdates? _updates;
    private string? _groupKey;
    private long _rows;
    private bool _isToldOfChanges;
    private UpdateOrigin _origin;
    private Action? _encodeRow;
    private Func<bool>? _confirmRow;

    /// <summary>Makes the command.</summary>
    private protected SetProfileCommand() => _row = new() { Warn = this.Warn };

    /// <summary>
    /// A row: an object, a dictionary, a DataRow or data record, a profile from a Get command, or the payload of a call of Segment
    /// that sets traits (identify for users, group for groups), of which the traits are taken. Every property but the
    /// identifier is set; the UpdatedAt and GroupKey of a profile that was written to a file are left out. Numbers, Booleans, dates, lists and nested objects keep their type.
    /// </summary>
    [Parameter(ParameterSetName = RowSet, Mandatory = true, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = null!;

    /// <summary>The name of the property that holds the identifier. Default: the usual names, whichever the row has.</summary>
    [Parameter(ParameterSetName = RowSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string? IdentifierProperty { get; set; }

    /// <summary>What the properties of a row mean: Set ($set), SetOnce, Add, Append, Union or Remove. Default Set. Numbers to add may be text.</summary>
    [Parameter(ParameterSetName = RowSet)]
    [ValidateSet(nameof(Model.Operation.Set), nameof(Model.Operation.SetOnce), nameof(Model.Operation.Add), nameof(Model.Operation.Append), nameof(Model.Operation.Union), nameof(Model.Operation.Remove))]
    public Operation Operation { get; set; } = Operation.Set;

    /// <summary>The properties to set, by name ($set).</summary>
    [Parameter(ParameterSetName = PropertySet, Position = 1)]
    [ValidateNotNull]
    public IDictionary? Property { get; set; }

    /// <summary>The properties to set where they have no value yet ($set_once).</summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNull]
    public IDictionary? PropertyOnce { get; set; }

    /// <summary>The numbers to add to properties ($add); a negative number subtracts, a property without a value counts as 0. Not for groups.</summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNull]
    public IDictionary? Increment { get; set; }

    /// <summary>The values to add to the end of list properties, each as one element ($append). Not for groups.</summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNull]
    public IDictionary? Append { get; set; }

    /// <summary>The values, or lists of values, to add to list properties that do not have them yet ($union).</summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNull]
    public IDictionary? Union { get; set; }

    /// <summary>The values to remove from list properties ($remove).</summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNull]
    public IDictionary? RemoveValue { get; set; }

    /// <summary>The names of the properties to remove ($unset).</summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string[]? Unset { get; set; }

    /// <summary>
    /// The time zone of dates that are of no zone, which are DateTime values of Kind Unspecified, as most databases and many
    /// files give them: an id such as Europe/Vienna. Default UTC. A time that the clocks of the zone leave out is refused with its
    /// row; one that comes twice is taken as winter time. Dates without a time, DateOnly values, stay dates.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [TimeZoneTransformation]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>Takes placeholders such as null, unknown or 0 for identifiers. By default such rows are refused, since they would all change one profile.</summary>
    [Parameter]
    public SwitchParameter AllowAnyIdentifier { get; set; }

    /// <summary>Refuses the rows that break a rule which otherwise only warns. about_ProfilesModule_Rules has the rules.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>Leaves the time of the profile's last update as it is, as back-fills should.</summary>
    [Parameter]
    public SwitchParameter IgnoreTime { get; set; }

    /// <summary>
    /// When the update happened. Without it the service takes the time of receipt, which keeps updates in order: one that is
    /// dated earlier than another that was already applied may not show.
    /// </summary>
    [Parameter]
    public DateTimeOffset Time { get; set; }

    /// <summary>Writes a profile with the properties that were sent, once the service has accepted them.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Checks what was asked for.</summary>
    protected override void BeginProcessing()
    {
        _ = Service;
        _isToldOfChanges = IsToldOfChanges;
        _groupKey = Records.GroupKey;
        if (_groupKey is not null && Operations.FirstOrDefault(o => !o.IsForGroups(), Operation.Set) is var operation and not Operation.Set)
            ThrowTerminatingError(Errors.OperationNotForGroups(operation));
        if (IsBound(nameof(Time)))
            this.Warn("Updates are ordered by their time: one that is dated earlier than an update that a profile already has may not show.");
    }

    /// <summary>Takes a row, or the profiles of one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void ProcessRecord()
    {
        if (ParameterSetName == RowSet)
        {
            SetRow(InputObject);
            return;
        }

        if (!Operations.Any())
            ThrowTerminatingError(Errors.NothingToSet());
        foreach (var id in Ids)
            Change(id);
    }

    /// <summary>Sends the rest and waits for the outcome of every row.</summary>
    protected override void EndProcessing()
    {
        Finish();
        Warnings.TellCounts(this.Warn);
    }

    /// <summary>The profiles of the <see cref="PropertySet"/>.</summary>
    private protected abstract IReadOnlyList<string> Ids { get; }

    /// <summary>What a profile is called in a question.</summary>
    private protected abstract string Noun { get; }

    /// <summary>The names that hold the identifier when the user names none.</summary>
    private protected abstract IReadOnlyList<string> IdentifierNames { get; }

    /// <summary>The call of Segment's that sets such profiles.</summary>
    private protected abstract SegmentCall Call { get; }

    /// <summary>A profile of the command's kind.</summary>
    private protected abstract ServiceProfile Profile(string id, PropertyDictionary properties);

    /// <summary>What every record carries.</summary>
    private protected virtual RecordOptions Records => new()
    {
        IgnoreTime = IgnoreTime,
        Time = IsBound(nameof(Time)) ? Time : null,
    };

    private protected override string NextStep => $"Send the rows {OnceMore(Operations)}";

    private protected bool IsBound(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    private IEnumerable<Operation> Operations => ParameterSetName == RowSet
        ? [Operation]
        : Changes.Select(c => c.Operation).Concat(Unset is null ? [] : [Operation.Unset]);

    /// <summary>The changes to named profiles in the order in which they are sent, one operation each.</summary>
    private IEnumerable<(Operation Operation, IDictionary Properties)> Changes =>
        new (Operation Operation, IDictionary? Properties)[]
        {
            (Operation.Set, Property), (Operation.SetOnce, PropertyOnce), (Operation.Add, Increment),
            (Operation.Append, Append), (Operation.Union, Union), (Operation.Remove, RemoveValue),
        }.Where(c => c.Properties is not null).Select(c => (c.Operation, c.Properties!));

    private DeliveryRun StartedRun => Run ?? StartRun(new PipelineRowDescription(), Records, PassThru ? WriteAccepted : null);

    private RuleWarnings Warnings
    {
        get
        {
            if (_warnings is null)
            {
                _warnings = new(new() { IsStrict = Strict, AllowsAnyIdentifier = AllowAnyIdentifier, IsForGroups = Records.GroupKey is not null });
                _warnings.TellTo(_untold.Add);
            }

            return _warnings;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DeliverChecked(DeliveryRun run, UpdateOrigin origin, Action encode)
    {
        Deliver(run, origin, encode, Warnings.Rules);
        if (_untold.Count == 0)
            return;

        // Not while the row is encoded: a warning may end the command.
        _untold.ForEach(this.Warn);
        _untold.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetRow(PSObject input)
    {
        _origin = new(++_rows, 0, input);
        DeliverChecked(StartedRun, _origin, _encodeRow ??= EncodeRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void EncodeRow()
    {
        var input = (PSObject)_origin.Source!;
        if (IdentifierProperty is null && ProfileNoun.Mismatch(input, _groupKey) is { } mismatch)
            throw new RowException(new(RowFault.ProfileOfOtherKind, mismatch, ProfileNoun.Remedy));
        _row.Read(input, IdentifierProperty, IdentifierNames, Call);
        UpdatesOf(StartedRun, _confirmRow ??= ConfirmRow).Write(Operation, _row.Id, _row.Fields, _row.Identifier, _origin);
    }

    private bool ConfirmRow() => Confirmed(_row.Id, Operation, _row.PropertyCount);

    private void Change(string id)
    {
        _rows++;
        foreach (var (operation, properties) in Changes)
        {
            Send(id, operation, properties, (updates, origin) =>
            {
                _row.Take(properties);
                updates.Write(operation, id, _row.Fields, -1, origin);
            });
        }

        if (Unset is { } names)
            Send(id, Operation.Unset, names.ToDictionary(name => name, _ => (object?)null), (updates, origin) => updates.Unset(id, names, origin));
    }

    private void Send(string id, Operation operation, IDictionary properties, Action<ObjectUpdates, UpdateOrigin> write)
    {
        var run = StartedRun;
        var copy = new PropertyDictionary(properties.Count);
        foreach (DictionaryEntry property in properties)
            copy[Convert.ToString(property.Key, CultureInfo.InvariantCulture)!] = property.Value;
        var origin = new UpdateOrigin(_rows, 0, _profiles.Create(Profile(id, copy)));
        DeliverChecked(run, origin, () => write(UpdatesOf(run, () => Confirmed(id, operation, properties.Count)), origin));
    }

    private ObjectUpdates UpdatesOf(DeliveryRun run, Func<bool> confirm)
    {
        _updates ??= new(run.Writer, PipelineValues.WriterIn(TimeZone), Warnings.Rules);
        _updates.Confirm = confirm;
        return _updates;
    }

    private bool Confirmed(string? id, Operation operation, int properties)
    {
        if (!_isToldOfChanges)
            return true;
        var verb = operation switch
        {
            Operation.SetOnce => "Set once",
            Operation.Add => "Add to",
            Operation.Append => "Append to",
            Operation.Union => "Unite with",
            Operation.Remove => "Remove values from",
            Operation.Unset => "Unset",
            _ => "Set",
        };
        return ShouldProcess($"{Noun} '{id}'", $"{verb} {Errors.Count(properties, "property", "properties")}");
    }

    private void WriteAccepted(UpdateOrigin origin)
    {
        var input = (PSObject)origin.Source!;
        if (ParameterSetName == PropertySet)
        {
            WriteObject(input);
            return;
        }

        _accepted.Read(input, IdentifierProperty, IdentifierNames, Call);
        var properties = new PropertyDictionary(_accepted.Fields.Count);
        for (var i = 0; i < _accepted.Fields.Count; i++)
        {
            if (i != _accepted.Identifier)
                properties[_accepted.Fields[i].Key] = _accepted.Fields[i].Value;
        }

        WriteObject(_profiles.Create(Profile(_accepted.Id!, properties)));
    }
}
