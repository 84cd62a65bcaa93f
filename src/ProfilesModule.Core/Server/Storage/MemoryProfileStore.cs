using System.Collections.Immutable;

namespace ProfilesModule.Server;

/// <summary>Keeps the profiles in memory, until it is disposed.</summary>
internal sealed class MemoryProfileStore : IProfileStore
{
    private readonly object _gate = new();
    private volatile ImmutableDictionary<ProfileKey, Entry> _profiles = ImmutableDictionary<ProfileKey, Entry>.Empty;
    private long _nextPosition;

    /// <inheritdoc/>
    public long Count => _profiles.Count;

    /// <inheritdoc/>
    public void Write(Action<IProfileTransaction> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        lock (_gate)
        {
            var transaction = new Transaction(_profiles.ToBuilder(), _nextPosition);
            work(transaction);
            _nextPosition = transaction.NextPosition;
            _profiles = transaction.Profiles.ToImmutable();
        }
    }

    /// <inheritdoc/>
    public IProfileSnapshot OpenSnapshot() => new Snapshot(_profiles);

    /// <summary>Lets go of the profiles.</summary>
    public void Dispose()
    {
        lock (_gate)
            _profiles = _profiles.Clear();
    }

    private sealed record Entry(long Position, ProfileState State);

    private sealed class Transaction(ImmutableDictionary<ProfileKey, Entry>.Builder profiles, long nextPosition) : IProfileTransaction
    {
        public ImmutableDictionary<ProfileKey, Entry>.Builder Profiles { get; } = profiles;

        public long NextPosition { get; private set; } = nextPosition;

        public ProfileState? Find(ProfileKey key) => Profiles.TryGetValue(key, out Entry? entry) ? entry.State : null;

        public bool TryAdd(ProfileKey key, ProfileState state)
        {
            if (Profiles.ContainsKey(key))
                return false;
            Profiles.Add(key, new Entry(NextPosition++, state));
            return true;
        }

        public void Replace(ProfileKey key, ProfileState state)
        {
            if (Profiles.TryGetValue(key, out Entry? entry))
                Profiles[key] = entry with { State = state };
        }

        public void Delete(ProfileKey key) => Profiles.Remove(key);
    }

    private sealed class Snapshot(ImmutableDictionary<ProfileKey, Entry> profiles) : IProfileSnapshot
    {
        // Made when the first page of a kind is read: a snapshot that only looks single profiles up stays cheap.
        private readonly Dictionary<long, StoredProfile[]> _inOrder = [];

        public long Count(long dataGroupId) => InOrder(dataGroupId).Length;

        public IEnumerable<StoredProfile> ReadFrom(long dataGroupId, long position)
        {
            StoredProfile[] inOrder = InOrder(dataGroupId);
            for (int i = FirstFrom(inOrder, position); i < inOrder.Length; i++)
                yield return inOrder[i];
        }

        public StoredProfile? Find(ProfileKey key) => profiles.TryGetValue(key, out Entry? entry) ? Stored(key, entry) : null;

        public void Dispose()
        {
        }

        private StoredProfile[] InOrder(long dataGroupId)
        {
            if (_inOrder.TryGetValue(dataGroupId, out StoredProfile[]? inOrder))
                return inOrder;
            inOrder = [.. profiles.Where(profile => profile.Key.DataGroupId == dataGroupId).Select(profile => Stored(profile.Key, profile.Value))];
            Array.Sort(inOrder, static (left, right) => left.Position.CompareTo(right.Position));
            _inOrder.Add(dataGroupId, inOrder);
            return inOrder;
        }

        private static StoredProfile Stored(ProfileKey key, Entry entry) => new(entry.Position, key.DistinctId, entry.State.Properties);

        private static int FirstFrom(StoredProfile[] inOrder, long position)
        {
            int low = 0;
            int high = inOrder.Length;
            while (low < high)
            {
                int middle = low + ((high - low) / 2);
                if (inOrder[middle].Position < position)
                    low = middle + 1;
                else
                    high = middle;
            }
            return low;
        }
    }
}
