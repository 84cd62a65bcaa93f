using System.Management.Automation;
using System.Text;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Files;
using ProfilesModule.Import;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;

namespace ProfilesModule.Commands;

/// <content>The state.</content>
public abstract partial class SetProfileCommand
{
    // Those of users only are left out for groups.
    private static readonly string[] Shaping =
    [
        nameof(Operation), nameof(IdentifierProperty), nameof(EmptyCell), nameof(NullText), nameof(TrimValue), nameof(TrimIdentifier),
        nameof(TimeZone), nameof(IgnoreTime), nameof(SetUserProfileCommand.Ip), nameof(SetUserProfileCommand.Latitude),
        nameof(SetUserProfileCommand.Longitude),
    ];

    private SyncOptions? _state;
    private Partition? _partition;
    private long _otherPartitions;

    /// <summary>Checks the parameters of the partition, and that the others can be used with a state.</summary>
    private void CheckState()
    {
        try
        {
            _partition = PartitionUse.Of(this, Partition, PartitionCount);
            var path = PartitionChoice.PathFor(StatePath, "-StatePath", _partition) is { } own ? OutputPath.OfOwnFile(this, own) : null;
            _state = new StateUse(path, Full, MaxStateAge, RemoveMissingProperty).Options(Operation, null);
        }
        catch (FailureException e)
        {
            this.ThrowTerminatingError(e.Failure);
        }
    }

    /// <summary>Opens the state, and tests the connection if it is new; null for no state, or if nothing is sent.</summary>
    private DeliveryTrail? OpenState()
    {
        if (_state is null || IsWhatIf)
            return null;
        var parameters = ParameterValues.Of(this, Shaping.Where(name => GetType().GetProperty(name) is not null), []).With(_partition);
        var subject = new SyncSubject(Service.Endpoint.ToString(), Service.SecretToken, _groupKey ?? "", parameters)
        {
            Partition = _partition,
        };
        SyncState? state = null;
        try
        {
            state = _state.OpenState(subject, writes: true);
            state.Begin();
            if (state.Difference is { } difference)
                this.Warn(SyncState.DifferenceWarning(difference));
            state.AddSource(MyInvocation.MyCommand.Name);
            if (!state.IsTested)
                Test(state);
            return new() { State = state };
        }
        catch (FailureException e)
        {
            state?.Dispose();
            this.ThrowTerminatingError(e.Failure);
            throw;
        }
    }

    /// <summary>Whether a row belongs to another task. A row that cannot be read has no identifier.</summary>
    private bool IsOfOtherPartition(PSObject input)
    {
        if (_partition is null || _partition.Has(_row.Read(input) is null ? Encoding.UTF8.GetBytes(_row.Id ?? "") : []))
            return false;
        _otherPartitions++;
        return true;
    }

    private void Test(SyncState state)
    {
        var warnings = new List<string>();
        StateUse.TestAsync(Service, warnings.Add, StopToken).GetAwaiter().GetResult();
        warnings.ForEach(this.Warn);
        state.Tested();
    }
}
