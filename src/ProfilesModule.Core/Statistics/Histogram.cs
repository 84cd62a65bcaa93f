using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Statistics;

/// <summary>
/// Counts numbers in a few bins, in memory that does not grow. The width of the bins is a power of two, and they begin at its multiples:
/// two neighbors make exactly one of the next width, so that the counts stay exact however far the values spread, and the bins depend only
/// on the values, not on their order.
/// </summary>
/// <param name="label">A number in words.</param>
/// <param name="masksValues">Whether letters and digits are replaced in what is shown.</param>
internal sealed class Histogram(Func<double, string> label, bool masksValues)
{
    /// <summary>How many bins there are at most.</summary>
    public const int MaximumBins = 40;

    // What the smallest number and the bits of a double allow.
    private const int LeastExponent = -1074;
    private const int FractionBits = 52;

    // As they are sent, and not shown before the end: each value of a sorted column is the greatest so far.
    private readonly GrowingBuffer _least = new(32);
    private readonly GrowingBuffer _greatest = new(32);
    private Dictionary<long, long> _bins = [];
    private int _exponent = LeastExponent;
    private double _minimum = double.PositiveInfinity;
    private double _maximum = double.NegativeInfinity;
    private bool _areWhole = true;

    /// <summary>Counts a number.</summary>
    /// <param name="value">The number, which is finite.</param>
    /// <param name="text">The number as it is sent.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(double value, ReadOnlySpan<byte> text)
    {
        if (value < _minimum || value > _maximum)
            Extend(value, text);
        _areWhole &= value == Math.Floor(value);
        CollectionsMarshal.GetValueRefOrAddDefault(_bins, Bin(value, _exponent), out _)++;
    }

    /// <summary>What was counted.</summary>
    public ValueRange Range()
    {
        // Parts of whole numbers would be gaps.
        var exponent = _areWhole ? Math.Max(_exponent, 0) : _exponent;
        var bins = Widened(exponent);
        var (first, last) = (Bin(_minimum, exponent), Bin(_maximum, exponent));
        return new(ValueSample.Of(_least.WrittenSpan, masksValues), ValueSample.Of(_greatest.WrittenSpan, masksValues),
        [
            .. Enumerable.Range(0, (int)(last - first + 1)).Select(i => first + i).Select(bin =>
                new HistogramBin(Edge(bin, exponent), Edge(bin + 1, exponent), bins.GetValueOrDefault(bin))),
        ]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Extend(double value, ReadOnlySpan<byte> text)
    {
        if (value < _minimum)
        {
            _minimum = value;
            _least.Truncate(0);
            _least.Write(text);
        }

        if (value > _maximum)
        {
            _maximum = value;
            _greatest.Truncate(0);
            _greatest.Write(text);
        }

        // Nothing is finer than that among such values.
        var finest = Math.Max(Math.ILogB(Math.Max(Math.Abs(_minimum), Math.Abs(_maximum))), LeastExponent + FractionBits) - FractionBits;
        var exponent = Math.Max(_exponent, finest);
        while (Bin(_maximum, exponent) - Bin(_minimum, exponent) >= MaximumBins)
            exponent++;
        (_bins, _exponent) = (Widened(exponent), exponent);
    }

    private Dictionary<long, long> Widened(int exponent)
    {
        if (exponent == _exponent)
            return _bins;
        var wider = new Dictionary<long, long>();
        foreach (var (bin, count) in _bins)
            CollectionsMarshal.GetValueRefOrAddDefault(wider, bin >> Math.Min(exponent - _exponent, 63), out _) += count;
        return wider;
    }

    private static long Bin(double value, int exponent) => (long)Math.Floor(Math.ScaleB(value, -exponent));

    private string Edge(long bin, int exponent)
    {
        var text = label(Math.ScaleB(bin, exponent));
        return masksValues ? ValueSample.Of(Encoding.UTF8.GetBytes(text), isMasked: true) : text;
    }
}

/// <summary>What the edges of bins are called.</summary>
internal static class HistogramLabels
{
    /// <summary>A number.</summary>
    public static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The date so many days after the first one.</summary>
    public static string Date(double days)
    {
        var date = new DateTime((long)(Math.Clamp(days, 0, (DateTime.MaxValue - DateTime.MinValue).Days) * TimeSpan.TicksPerDay));
        return date.ToString(date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
    }
}
