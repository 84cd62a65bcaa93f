using System.Runtime.CompilerServices;

namespace ProfilesModule.Delivery;

/// <summary>The profiles that batches in flight touch. Not thread-safe: its owner locks.</summary>
internal sealed class ProfilesInFlight
{
    private readonly Dictionary<ulong, int> _batches = [];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TouchesAnyOf(UpdateBatch batch)
    {
        if (_batches.Count == 0)
            return false;
        foreach (var (row, _, _) in batch.NotSent)
        {
            if (row.Profile is { } profile && _batches.ContainsKey(profile))
                return true;
        }

        for (var i = 0; i < batch.Count; i++)
        {
            if (_batches.ContainsKey(batch[i].Profile))
                return true;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(UpdateBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
            Add(batch[i].Profile);
        foreach (var (row, _, _) in batch.NotSent)
        {
            if (row.Profile is { } profile)
                Add(profile);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Remove(UpdateBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
            Remove(batch[i].Profile);
        foreach (var (row, _, _) in batch.NotSent)
        {
            if (row.Profile is { } profile)
                Remove(profile);
        }
    }

    private void Add(ulong profile) => _batches[profile] = _batches.GetValueOrDefault(profile) + 1;

    private void Remove(ulong profile)
    {
        if (_batches[profile] == 1)
            _batches.Remove(profile);
        else
            _batches[profile]--;
    }
}
