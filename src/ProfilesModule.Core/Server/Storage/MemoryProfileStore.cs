using System.Collections.Immutable;

namespace ProfilesModule.Server;

/// <summary>Keeps the profiles in memory, until it is disposed.</summary>
public sealed class MemoryProfileStore : IProfileStore
{
    private readonly object _gate = new();
    private volatile ImmutableDictionary<string, Entry> _profiles = ImmutableDictionary.Create<string, Entry>(StringComparer.Ordinal);
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

    private sealed record Entry(long Position, byte[] Properties);

    private sealed class Transaction(ImmutableDictionary<string, Entry>.Builder profiles, long nextPosition) : IProfileTransaction
    {
        public ImmutableDictionary<string, Entry>.Builder Profiles { get; } = profiles;

        public long NextPosition { get; private set; } = nextPosition;

        public byte[]? Find(string distinctId) => Profiles.TryGetValue(distinctId, out Entry? entry) ? entry.Properties : null;

        public bool TryAdd(string distinctId, byte[] properties)
        {
            if (Profiles.ContainsKey(distinctId))
                return false;
            Profiles.Add(distinctId, new Entry(NextPosition++, properties));
            return true;
        }

        public void Replace(string distinctId, byte[] properties)
        {
            if (Profiles.TryGetValue(distinctId, out Entry? entry))
                Profiles[distinctId] = entry with { Properties = properties };
        }

        public void Delete(string distinctId) => Profiles.Remove(distinctId);
    }

    private sealed class Snapshot(ImmutableDictionary<string, Entry> profiles) : IProfileSnapshot
    {
        // Made when the first page is read: a snapshot that only looks single profiles up stays cheap.
        private StoredProfile[]? _inOrder;

        public long Count => profiles.Count;

        public IEnumerable<StoredProfile> ReadFrom(long position)
        {
            _inOrder ??= InOrder();
            for (int i = FirstFrom(_inOrder, position); i < _inOrder.Length; i++)
                yield return _inOrder[i];
        }

        public StoredProfile? Find(string distinctId) =>
            profiles.TryGetValue(distinctId, out Entry? entry) ? new StoredProfile(entry.Position, distinctId, entry.Properties) : null;

        public void Dispose()
        {
        }

        private StoredProfile[] InOrder()
        {
            var inOrder = new StoredProfile[profiles.Count];
            var positions = new long[inOrder.Length];
            int count = 0;
            foreach ((string distinctId, Entry entry) in profiles)
            {
                positions[count] = entry.Position;
                inOrder[count++] = new StoredProfile(entry.Position, distinctId, entry.Properties);
            }
            Array.Sort(positions, inOrder);
            return inOrder;
        }

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
