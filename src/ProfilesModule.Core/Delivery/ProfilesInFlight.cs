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
            _batches[batch[i].Profile] = _batches.GetValueOrDefault(batch[i].Profile) + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Remove(UpdateBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var profile = batch[i].Profile;
            if (_batches[profile] == 1)
                _batches.Remove(profile);
            else
                _batches[profile]--;
        }
    }
}
