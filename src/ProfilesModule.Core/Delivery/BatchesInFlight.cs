using System.Runtime.CompilerServices;

namespace ProfilesModule.Delivery;

/// <summary>
/// Admits batches in the order in which they ask: only so many at once, and none that touches a profile of another, so that
/// two updates of one profile never overtake each other. Thread-safe, for one that asks.
/// </summary>
internal sealed class BatchesInFlight(int most)
{
    private readonly object _lock = new();
    private readonly Dictionary<ulong, int> _batchesByProfile = [];
    private readonly Stack<UpdateBatch> _spare = [];
    private TaskCompletionSource _oneLeft = NewSignal();
    private int _count;

    /// <summary>An empty batch, with as much room as another where there is one to go by.</summary>
    public UpdateBatch NewBatch(UpdateBatch? like)
    {
        lock (_lock)
            return _spare.TryPop(out var spare) ? spare : like is null ? new() : new(like);
    }

    /// <summary>Waits until the batch may be sent.</summary>
    public async Task EnterAsync(UpdateBatch batch)
    {
        while (TryEnter(batch) is { } oneLeft)
            await oneLeft.ConfigureAwait(false);
    }

    /// <summary>Takes back a batch whose delivery has ended, to be filled again.</summary>
    public void Leave(UpdateBatch batch)
    {
        TaskCompletionSource left;
        lock (_lock)
        {
            _count--;
            ForEachProfile(batch, -1);
            batch.Clear();
            _spare.Push(batch);
            (left, _oneLeft) = (_oneLeft, NewSignal());
        }

        left.SetResult();
    }

    /// <summary>Waits until every batch has left.</summary>
    public async Task EmptyAsync()
    {
        while (Remaining() is { } oneLeft)
            await oneLeft.ConfigureAwait(false);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task? TryEnter(UpdateBatch batch)
    {
        lock (_lock)
        {
            if (_count >= most || (_count > 0 && TouchesAnyInFlight(batch)))
                return _oneLeft.Task;
            _count++;
            ForEachProfile(batch, 1);
            return null;
        }
    }

    private Task? Remaining()
    {
        lock (_lock)
            return _count == 0 ? null : _oneLeft.Task;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TouchesAnyInFlight(UpdateBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (_batchesByProfile.ContainsKey(batch[i].Profile))
                return true;
        }

        foreach (var (row, _) in batch.EndedRows)
        {
            if (row.Profile is { } profile && _batchesByProfile.ContainsKey(profile))
                return true;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForEachProfile(UpdateBatch batch, int change)
    {
        for (var i = 0; i < batch.Count; i++)
            Count(batch[i].Profile, change);
        foreach (var (row, _) in batch.EndedRows)
        {
            if (row.Profile is { } profile)
                Count(profile, change);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Count(ulong profile, int change)
    {
        var count = _batchesByProfile.GetValueOrDefault(profile) + change;
        if (count == 0)
            _batchesByProfile.Remove(profile);
        else
            _batchesByProfile[profile] = count;
    }
}
