using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Mapping;
using ProfilesModule.Model;
using ProfilesModule.Import;
using ProfilesModule.Pipeline;
using ProfilesModule.Rows;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Commands;

/// <summary>The base of the cmdlets that set properties of profiles: from rows of the pipeline, or by changes to given profiles.</summary>
public abstract partial class SetProfileCommand : DeliveryCommand
{
    private readonly ProfileObject _profiles = new() { Warn = _ => { } };
    private readonly List<string> _pendingWarnings = [];
    private RowRules _rules = null!;
    private RuleWarnings _warnings = null!;
    private ObjectUpdates? _updates;
    private string? _groupKey;
    private PipelineRow _row = null!;
    private PipelineRow _accepted = null!;
    private EmptyValues _empty = null!;
    private MappedParameters _mapped = MappedParameters.None;
    private long _rows;
    private bool _reportsEachChange;
    private UpdateOrigin _origin;
    private Func<Failure?>? _encodeRow;
    private Func<int, int, bool>? _confirmRow;
    private DeliveryTrail? _trail;

    /// <summary>Checks the parameters.</summary>
    protected override void BeginProcessing()
    {
        if (Ids is null)
            this.ThrowTerminatingError(Failures.IdentifierIsNull);
        try
        {
            _mapped = MappedParameters.Set(this, MappingPath, [this]);
        }
        catch (FailureException e)
        {
            this.ThrowTerminatingError(e.Failure);
        }

        if (!EmptyCell.IsValidFor(Operation))
            this.ThrowTerminatingError(_mapped.Locate(Failures.OptionNotForOperation($"-EmptyCell {EmptyCell}", Operation)));
        _ = Service;
        this.WarnOfLostZeros(Ids);
        CheckState();
        _empty = new(EmptyCell, IsBound(nameof(EmptyCell)));
        _reportsEachChange = ReportsEachChange;
        _groupKey = Records.GroupKey;
        _rules = new(new() { IsStrict = Strict, AllowsAnyIdentifier = AllowAnyIdentifier, IsForGroups = _groupKey is not null });
        _warnings = new(_rules, Strict, _pendingWarnings.Add);
        (_row, _accepted) = (NewRow(this.Warn), NewRow(null));
        if (_groupKey is not null && Operations.FirstOrDefault(o => !o.IsForGroups(), Operation.Set) is var operation and not Operation.Set)
            this.ThrowTerminatingError(_mapped.Locate(Failures.OperationNotForGroups(operation)));
        if (IsBound(nameof(Time)))
            this.Warn("The service orders updates by their time, so an update may have no effect on a profile with a later one.");
    }

    /// <summary>Sends a row, or the changes to the next profiles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void ProcessRecord()
    {
        if (ParameterSetName == RowSet)
        {
            if (InputObject is not null)
                SetRow(InputObject);
            return;
        }

        if (!Operations.Any())
            this.ThrowTerminatingError(Failures.NothingToSet);
        foreach (var id in ProfileNoun.OfGroupKey(Ids ?? [], _groupKey, this.WriteError))
            Change(id);
    }

    /// <summary>Sends the remaining updates and waits for all outcomes.</summary>
    protected override void EndProcessing()
    {
        Finish();
        if (Run is not null)
            _trail?.Finish(Run.Account with { OtherPartitions = _otherPartitions }, Run.Stop, isComplete: true);
        if (_partition is not null)
            this.WriteDetail($"{Phrase.Count(_otherPartitions, "row")} of other partitions left out.");
        _rules.EndInput();
        foreach (var warning in _pendingWarnings.Concat(_warnings.AtEnd).Concat(_trail?.State?.Warnings ?? []))
            this.Warn(warning);
        _empty.Tell(_updates?.Skipped ?? [], this.Warn);
    }

    /// <summary>The ids of the profiles to change; null if the argument is null.</summary>
    private protected abstract ProfileId[]? Ids { get; }

    /// <summary>Makes the output object of a profile.</summary>
    private protected abstract ServiceProfile Profile(string id, PropertyDictionary properties);

    /// <summary>The options of every record.</summary>
    private protected virtual RecordOptions Records => new()
    {
        IgnoreTime = IgnoreTime,
        Time = IsBound(nameof(Time)) ? Time : null,
    };

    private protected override string NextStep => $"Send the rows {ResendHint(Operations)}";

    private protected override bool MayStartAgain => Operations.All(operation => operation.IsRepeatable());

    private IEnumerable<Operation> Operations => ParameterSetName == RowSet
        ? [Operation]
        : Changes.Select(c => c.Operation).Concat(Unset is null ? [] : [Operation.Unset]);

    /// <summary>The changes to each profile, one operation each, in the order in which they are sent.</summary>
    private IEnumerable<(Operation Operation, IDictionary Properties)> Changes =>
        new (Operation Operation, IDictionary? Properties)[]
        {
            (Operation.Set, Property), (Operation.SetOnce, PropertyOnce), (Operation.Add, Increment),
            (Operation.Append, Append), (Operation.Union, Union), (Operation.Remove, RemoveValue),
        }.Where(c => c.Properties is not null).Select(c => (c.Operation, c.Properties!));

    private DeliveryRun StartedRun => Run ?? StartRun(Records, PassThru ? WriteAccepted : null, _trail = OpenState());

    private PipelineRow NewRow(Action<string>? warn) => new(IdentifierProperty, _groupKey)
    {
        Warn = warn,
        Texts = new(NullText, TrimValue, TrimIdentifier),
        Fields = { KeepsDates = !TimeZone.Equals(TimeZoneInfo.Utc) },
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DeliverChecked(DeliveryRun run, UpdateOrigin origin, Func<Failure?> encode)
    {
        Deliver(run, origin, encode, _rules);
        if (_pendingWarnings.Count == 0)
            return;

        // A warning may end the command, so it is not written while the row is being encoded.
        _pendingWarnings.ForEach(this.Warn);
        _pendingWarnings.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetRow(PSObject input)
    {
        _origin = new(++_rows, 0, input);
        if (IsOfOtherPartition(input))
            return;
        DeliverChecked(StartedRun, _origin, _encodeRow ??= EncodeRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Failure? EncodeRow() => _row.Read((PSObject)_origin.Source!)
        ?? UpdatesOf(StartedRun, _confirmRow ??= ConfirmRow).Write(
            Operation, _row.Id, _row.Fields, _row.Identifier, _origin, _empty.Of(_row));

    private bool ConfirmRow(int written, int removed) => Confirmed(_row.Id, Operation, written, removed);

    private void Change(string id)
    {
        _rows++;
        foreach (var (operation, properties) in Changes)
        {
            Send(id, operation, properties, (updates, origin) =>
                _row.Take(properties) ?? updates.Write(operation, id, _row.Fields, -1, origin));
        }

        if (Unset?.Distinct(StringComparer.Ordinal).ToArray() is { } names)
            Send(id, Operation.Unset, names.ToDictionary(name => name, _ => (object?)null), (updates, origin) => updates.Unset(id, names, origin));
    }

    private void Send(string id, Operation operation, IDictionary properties, Func<ObjectUpdates, UpdateOrigin, Failure?> write)
    {
        var run = StartedRun;
        var copy = new PropertyDictionary(properties.Count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (DictionaryEntry property in properties)
        {
            // Of two with one name, the target of the error must not have one of them.
            var name = Convert.ToString(property.Key, CultureInfo.InvariantCulture)!;
            if (names.Add(name))
                copy.Add(name, property.Value);
            else
                copy.Remove(name);
        }

        var origin = new UpdateOrigin(_rows, 0, _profiles.Create(Profile(id, copy)));
        DeliverChecked(run, origin, () => write(UpdatesOf(run, (written, removed) => Confirmed(id, operation, written, removed)), origin));
    }

    private ObjectUpdates UpdatesOf(DeliveryRun run, Func<int, int, bool> confirm)
    {
        _updates ??= new(run.Writer!, PipelineValues.WriterIn(TimeZone), _rules);
        _updates.Confirm = confirm;
        return _updates;
    }

    private bool Confirmed(string? id, Operation operation, int written, int removed)
    {
        if (!_reportsEachChange)
            return true;
        var verb = operation switch
        {
            Operation.SetOnce => "Set once",
            Operation.Add => "Add to",
            Operation.Append => "Append to",
            Operation.Union => "Unite with",
            Operation.Remove => "Remove values from",
            _ => "Set",
        };
        var action = (written, removed) switch
        {
            (_, 0) => $"{verb} {Properties(written)}",
            (0, _) => $"Unset {Properties(removed)}",
            _ => $"{verb} {Properties(written)}, and unset {Phrase.Number(removed)}",
        };
        return ShouldProcess($"{ProfileNoun.Of(_groupKey)} '{id}'", action);

        static string Properties(int count) => Phrase.Count(count, "property", "properties");
    }

    private void WriteAccepted(UpdateOrigin origin)
    {
        var input = (PSObject)origin.Source!;
        if (ParameterSetName == PropertySet)
        {
            WriteObject(input);
            return;
        }

        _accepted.Read(input);
        WriteObject(_profiles.Create(Profile(_accepted.Id!, _empty.Sent(_accepted))));
    }
}
