using System.Runtime.CompilerServices;

namespace ProfilesModule.Delivery.Sync;

/// <summary>
/// What is known of each profile, in memory: 40 bytes a slot, with open addressing. Profiles are told apart by 64 bits; the hash of an
/// update is also one of the identifier, so that two that are taken for one are sent again, never left out.
/// </summary>
internal sealed class SyncTable
{
    // Of the slots that may be taken, in quarters: fuller, and looking for a slot takes long.
    private const int FullQuarters = 3;
    private const int SmallestCapacity = 64;

    private const int MostGrowth = 8;
    private const double MarginOfEstimate = 1.05;

    // 10 MB.
    private const int SmallCapacity = 1 << 18;

    private Slot[] _slots;
    private long _count;

    /// <param name="expected">How many profiles there may be.</param>
    public SyncTable(long expected) => _slots = new Slot[Math.Max(SmallestCapacity, (4 * expected / FullQuarters) + 1)];

    /// <summary>How much of the input was read, 0 to 1; null when that is not known.</summary>
    public Func<double?>? Progress { get; set; }

    /// <summary>The profiles of which something is known.</summary>
    public long Count => _count;

    /// <summary>How many of them were not removed.</summary>
    public long CountProfiles() => _slots.LongCount(slot => slot.Run != 0 && !slot.Knowledge.IsRemoved);

    /// <summary>Notes that the input has a profile. One that is not known is left out: whoever adds it sets its run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void See(ulong profile)
    {
        ref var slot = ref Find(profile);
        if (slot.Run != 0)
            slot.IsSeen = true;
    }

    /// <summary>What is known of a profile; a slot that is free if nothing is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ref readonly Slot Peek(ulong profile) => ref Find(profile);

    /// <summary>The place of a profile, until the next one is added. Whoever adds it sets its run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ref Slot Get(ulong profile)
    {
        if (_count * 4 >= _slots.LongLength * FullQuarters)
            Grow();
        ref var slot = ref Find(profile);
        if (slot.Run == 0)
        {
            slot.Profile = profile;
            _count++;
        }

        return ref slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ref Slot Find(ulong profile)
    {
        // The upper half of the product spreads the hashes over any number of slots.
        var index = (long)Math.BigMul(profile, (ulong)_slots.LongLength, out _);
        while (true)
        {
            ref var slot = ref _slots[index];
            if (slot.Run == 0 || slot.Profile == profile)
                return ref slot;
            if (++index == _slots.LongLength)
                index = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Grow()
    {
        var old = _slots;
        _slots = new Slot[old.LongLength < SmallCapacity ? old.LongLength * MostGrowth : Larger(old.LongLength)];
        for (var i = 0; i < old.Length; i++)
        {
            if (old[i].Run != 0)
                Find(old[i].Profile) = old[i];
        }
    }

    /// <summary>
    /// The next capacity: enough for the whole input, if it is known how much of it brought the profiles so far. Each doubling would copy
    /// the table, and need memory for both.
    /// </summary>
    private long Larger(long capacity) => Progress?.Invoke() is > 0 and var read
        ? Math.Clamp((long)(MarginOfEstimate * _count / read * 4 / FullQuarters), capacity * 5 / 4, capacity * MostGrowth)
        : capacity * 2;

    /// <summary>What is known of a profile. The hash is in halves, since a whole one would be aligned and make the slot larger.</summary>
    public struct Slot
    {
        public ulong Profile;
        private ulong _upper;
        private ulong _lower;

        /// <summary>The hash of the row that the update was made from; 0 for none.</summary>
        public ulong Row;

        /// <summary>What is known of its last update.</summary>
        public SyncKnowledge Knowledge;

        private uint _runAndSeen;

        /// <summary>The run that found it out; 0 for a slot that is free.</summary>
        public int Run
        {
            readonly get => (int)(_runAndSeen >> 1);
            set => _runAndSeen = ((uint)value << 1) | (_runAndSeen & 1);
        }

        /// <summary>Whether the input of this run has the profile.</summary>
        public bool IsSeen
        {
            readonly get => (_runAndSeen & 1) != 0;
            set => _runAndSeen = (_runAndSeen & ~1u) | (value ? 1u : 0u);
        }

        /// <summary>The hash of the update that the service has, or that is being sent.</summary>
        public UInt128 Hash
        {
            readonly get => new(_upper, _lower);
            set => (_upper, _lower) = ((ulong)(value >> 64), (ulong)value);
        }
    }
}
