using System.Runtime.CompilerServices;

namespace ProfilesModule.Sources;

/// <summary>
/// The identifiers that were read so far, to count the rows whose identifier had come before. It keeps 48 bits of a hash of
/// each, in seven bytes or so and without an allocation for each: of a million identifiers the count is one too high with a
/// chance of 1 in 500, of ten million 1 in 6. Nothing but the count depends on it. For one reader.
/// </summary>
internal sealed class IdentifierSet
{
    private const int HashBits = 48;

    // The first bits of a hash choose the page, and the others are kept in it.
    private const int BitsNotKept = 8;

    private Page[] _directory = [.. Enumerable.Range(0, 1 << BitsNotKept).Select(_ => new Page(BitsNotKept))];
    private int _depth = BitsNotKept;
    private long _repeated;
    private ulong? _noted;

    // Identifiers that were made to share a page would otherwise split it without end.
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue);

    /// <summary>How many were added that had been added before.</summary>
    public long Repeated
    {
        get
        {
            AddNoted();
            return _repeated;
        }
    }

    /// <summary>
    /// Adds an identifier when the next one is noted, or the repeated ones are counted: its page, which as a rule has to come
    /// from memory, is there by then.
    /// </summary>
    /// <param name="hash">The hash of it, of 64 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Note(ulong hash)
    {
        AddNoted();
        _noted = hash;
        PageOf(Mixed(hash)).Fetch();
    }

    /// <summary>Adds an identifier; false when it was there.</summary>
    /// <param name="hash">The hash of it, of 64 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool Add(ulong hash)
    {
        hash = Mixed(hash);
        var page = PageOf(hash);
        if (page.Contains(hash))
        {
            _repeated++;
            return false;
        }

        while (page.IsFull)
        {
            Split(page, hash);
            page = PageOf(hash);
        }

        page.Add(hash);
        return true;
    }

    private void AddNoted()
    {
        if (_noted is not { } hash)
            return;
        _noted = null;
        Add(hash);
    }

    private ulong Mixed(ulong hash) => Mix(hash ^ _seed) >> (64 - HashBits);

    private Page PageOf(ulong hash) => _directory[hash >> (HashBits - _depth)];

    // Extendible hashing: a page that is full gives half of its hashes to a new one, so that nothing is copied to grow, and the
    // directory names it twice as often as one that was split once more.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Split(Page page, ulong hash)
    {
        if (page.Depth == _depth)
        {
            var larger = new Page[_directory.Length * 2];
            for (var i = 0; i < larger.Length; i++)
                larger[i] = _directory[i / 2];
            (_directory, _depth) = (larger, _depth + 1);
        }

        var first = (int)(hash >> (HashBits - page.Depth)) << (_depth - page.Depth);
        var other = page.Split();
        var half = 1 << (_depth - page.Depth);
        _directory.AsSpan(first + half, half).Fill(other);
    }

    // The bits of a simple hash are not alike in worth (the finalizer of SplitMix64).
    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return hash ^ (hash >> 31);
    }

    /// <summary>The hashes that begin with the same bits, in no order: so few are searched as fast as they come from memory.</summary>
    /// <param name="depth">How many bits that is.</param>
    private sealed class Page(int depth)
    {
        private const int Capacity = 128;
        private const int CacheLine = 64;

        private int _count;
        private LowBits _low;
        private HighBits _high;

        public int Depth { get; private set; } = depth;

        /// <summary>Has the page brought from memory, and does not wait for it.</summary>
        public void Fetch()
        {
            for (var i = 0; i < Capacity; i += CacheLine / sizeof(uint))
                Volatile.Read(ref _low[i]);
        }

        public bool IsFull => _count == Capacity;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public bool Contains(ulong hash)
        {
            ReadOnlySpan<uint> rest = _low;
            rest = rest[.._count];
            while (rest.IndexOf((uint)hash) is >= 0 and var index)
            {
                if (_high[_count - rest.Length + index] == (byte)(hash >> 32))
                    return true;
                rest = rest[(index + 1)..];
            }

            return false;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(ulong hash) => (_low[_count], _high[_count++]) = ((uint)hash, (byte)(hash >> 32));

        /// <summary>Makes a page of the hashes whose next bit is set.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public Page Split()
        {
            var next = HashBits - ++Depth;
            var (other, count) = (new Page(Depth), _count);
            _count = 0;
            for (var i = 0; i < count; i++)
            {
                var hash = ((ulong)_high[i] << 32) | _low[i];
                (((hash >> next) & 1) == 0 ? this : other).Add(hash);
            }

            return other;
        }

        [InlineArray(Capacity)]
        private struct LowBits
        {
            private uint _first;
        }

        [InlineArray(Capacity)]
        private struct HighBits
        {
            private byte _first;
        }
    }
}
