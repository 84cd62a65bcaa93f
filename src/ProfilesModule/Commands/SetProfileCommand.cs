using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Rows;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Commands;

/// <summary>The base of the cmdlets that set properties of profiles: rows of the pipeline, or changes to named profiles.</summary>
public abstract partial class SetProfileCommand : DeliveryCommand
{
    private readonly ProfileObject _profiles = new() { Warn = _ => { } };
    private readonly PipelineRow _row;
    private readonly PipelineRow _accepted = new();
    private readonly List<string> _untold = [];
    private RuleWarnings? _warnings;
    private ObjectUpdates? _updates;
    private string? _groupKey;
    private EmptyValues _empty = null!;
    private long _rows;
    private bool _isToldOfChanges;
    private UpdateOrigin _origin;
    private Action? _encodeRow;
    private Func<int, int, bool>? _confirmRow;

    /// <summary>Makes the command.</summary>
    private protected SetProfileCommand() => _row = new() { Warn = this.Warn };

    /// <summary>Checks what was asked for.</summary>
    protected override void BeginProcessing()
    {
        if (Ids is null)
            ThrowTerminatingError(Errors.IdentifierIsNull());
        if (!EmptyCell.Fits(Operation))
            ThrowTerminatingError(Errors.OptionNotForOperation($"-EmptyCell {EmptyCell}", Operation));
        _ = Service;
        _empty = new(EmptyCell, IsBound(nameof(EmptyCell)));
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
            if (InputObject is not null)
                SetRow(InputObject);
            return;
        }

        if (!Operations.Any())
            ThrowTerminatingError(Errors.NothingToSet());
        foreach (var id in Ids ?? [])
            Change(id);
    }

    /// <summary>Sends the rest and waits for the outcome of every row.</summary>
    protected override void EndProcessing()
    {
        Finish();
        Warnings.TellCounts(this.Warn);
        _empty.Tell(_updates?.Skipped ?? [], this.Warn);
    }

    /// <summary>The profiles of the <see cref="PropertySet"/>; null when a null stands for them.</summary>
    private protected abstract IReadOnlyList<string>? Ids { get; }

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
            throw new RowException(new(ErrorId.ProfileOfOtherKind, mismatch, ProfileNoun.Remedy));
        _row.Read(input, IdentifierProperty, IdentifierNames, Call);
        UpdatesOf(StartedRun, _confirmRow ??= ConfirmRow).Write(Operation, _row.Id, _row.Fields, _row.Identifier, _origin, _empty.Of(_row));
    }

    private bool ConfirmRow(int written, int removed) => Confirmed(_row.Id, Operation, written, removed);

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
        DeliverChecked(run, origin, () => write(UpdatesOf(run, (written, removed) => Confirmed(id, operation, written, removed)), origin));
    }

    private ObjectUpdates UpdatesOf(DeliveryRun run, Func<int, int, bool> confirm)
    {
        _updates ??= new(run.Writer, PipelineValues.WriterIn(TimeZone), Warnings.Rules);
        _updates.Confirm = confirm;
        return _updates;
    }

    private bool Confirmed(string? id, Operation operation, int written, int removed)
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
            _ => "Set",
        };
        var action = (written, removed) switch
        {
            (_, 0) => $"{verb} {Properties(written)}",
            (0, _) => $"Unset {Properties(removed)}",
            _ => $"{verb} {Properties(written)}, and unset {removed:N0}",
        };
        return ShouldProcess($"{Noun} '{id}'", action);

        static string Properties(int count) => Errors.Count(count, "property", "properties");
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
        WriteObject(_profiles.Create(Profile(_accepted.Id!, _empty.Sent(_accepted))));
    }
}
