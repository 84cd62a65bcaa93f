using System.Collections.Immutable;

namespace ProfilesModule.Server.Storage;

/// <summary>Keeps the profiles in memory until it is disposed.</summary>
internal sealed class MemoryProfileStore : IProfileStore
{
    private readonly object _gate = new();
    private volatile ImmutableDictionary<ProfileKey, Entry> _profiles = ImmutableDictionary<ProfileKey, Entry>.Empty;
    private long _nextPosition;

    public long Count => _profiles.Count;

    public void Write(Action<IProfileTransaction> work)
    {
        lock (_gate)
        {
            var transaction = new Transaction(_profiles.ToBuilder(), _nextPosition);
            work(transaction);
            _nextPosition = transaction.NextPosition;
            _profiles = transaction.Profiles.ToImmutable();
        }
    }

    public IProfileSnapshot OpenSnapshot() => new Snapshot(_profiles);

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

        public ProfileState? Find(ProfileKey key) => Profiles.GetValueOrDefault(key)?.State;

        public bool TryAdd(ProfileKey key, ProfileState state)
        {
            if (Profiles.ContainsKey(key))
                return false;
            Profiles.Add(key, new(NextPosition++, state));
            return true;
        }

        public void Replace(ProfileKey key, ProfileState state)
        {
            if (Profiles.TryGetValue(key, out var entry))
                Profiles[key] = entry with { State = state };
        }

        public void Delete(ProfileKey key) => Profiles.Remove(key);
    }

    private sealed class Snapshot(ImmutableDictionary<ProfileKey, Entry> profiles) : IProfileSnapshot
    {
        private static readonly Comparer<StoredProfile> ByPosition =
            Comparer<StoredProfile>.Create((left, right) => left.Position.CompareTo(right.Position));

        // Sorted only when a page is read: a snapshot that only looks up single profiles stays cheap.
        private readonly Dictionary<long, StoredProfile[]> _inOrder = [];

        public long Count(long dataGroupId) => InOrder(dataGroupId).Length;

        public IEnumerable<StoredProfile> ReadFrom(long dataGroupId, long position)
        {
            var inOrder = InOrder(dataGroupId);
            var first = Array.BinarySearch(inOrder, new(position, "", default), ByPosition);
            return inOrder.Skip(first < 0 ? ~first : first);
        }

        public StoredProfile? Find(ProfileKey key) => profiles.TryGetValue(key, out var entry) ? Stored(key, entry) : null;

        public void Dispose()
        {
        }

        private StoredProfile[] InOrder(long dataGroupId)
        {
            if (_inOrder.TryGetValue(dataGroupId, out var inOrder))
                return inOrder;
            var stored = profiles.Where(entry => entry.Key.DataGroupId == dataGroupId).Select(entry => Stored(entry.Key, entry.Value));
            return _inOrder[dataGroupId] = [.. stored.Order(ByPosition)];
        }

        private static StoredProfile Stored(ProfileKey key, Entry entry) => new(entry.Position, key.DistinctId, entry.State.Properties);
    }
}
