using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Statistics;

/// <summary>
/// Tells the values of a column apart and counts them, up to a number of different ones; those that occur first later are not counted, so
/// that every count is exact. Values are told apart by 64 bits.
/// </summary>
/// <param name="room">How many more values may be told apart in all columns.</param>
/// <param name="masksValues">Whether letters and digits are replaced in what is shown.</param>
internal sealed class ValueCounts(ValueRoom room, bool masksValues)
{
    private const int MostFrequent = 10;

    private readonly Dictionary<ulong, Counted> _counts = [];

    /// <summary>How many different values were counted.</summary>
    public int Distinct => _counts.Count;

    /// <summary>Whether there are more.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Counts a value.</summary>
    /// <param name="kind">What it is: the text 1 is another value than the number.</param>
    /// <param name="value">The value, as UTF-8.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ValueKind kind, ReadOnlySpan<byte> value)
    {
        var hash = ProfileHash.Of(value) + (ulong)kind;
        ref var counted = ref CollectionsMarshal.GetValueRefOrNullRef(_counts, hash);
        if (Unsafe.IsNullRef(ref counted))
        {
            if (_counts.Count >= ColumnStatistics.MaximumDistinct || room.Left == 0)
            {
                HasMore = true;
                return;
            }

            room.Left--;
            counted = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, hash, out _);
        }

        // Most values of an identifier occur once and are not shown, so their texts are not kept.
        if (++counted.Count > 1 || _counts.Count <= MostFrequent)
            counted.Text ??= ValueSample.Of(value, masksValues);
    }

    /// <summary>The values that occur most often.</summary>
    public IReadOnlyList<FrequentValue> Frequent() =>
    [
        .. _counts.Values.Where(counted => counted.Text is not null)
            .OrderByDescending(counted => counted.Count).ThenBy(counted => counted.Text, StringComparer.Ordinal)
            .Take(MostFrequent).Select(counted => new FrequentValue(counted.Text!, counted.Count)),
    ];

    private record struct Counted(long Count, string? Text);
}

/// <summary>How many more values may be told apart in all columns: a file with very many of them must not fill the memory.</summary>
internal sealed class ValueRoom
{
    /// <summary>Some twenty megabytes, and the texts of those that occur again.</summary>
    public int Left { get; set; } = 500_000;
}
