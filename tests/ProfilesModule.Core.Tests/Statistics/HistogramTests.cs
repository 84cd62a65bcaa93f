using System.Globalization;
using System.Text;
using CsCheck;
using ProfilesModule.Statistics;

namespace ProfilesModule.Core.Tests.Statistics;

public sealed class HistogramTests
{
    private static readonly Gen<double[]> Values = Gen.OneOf(
        Gen.Double.Where(double.IsFinite).Array[1, 200],
        Gen.Double[-1000, 1000].Array[1, 200],
        Gen.Int[-5, 5].Select(value => (double)value).Array[1, 200],
        Gen.OneOfConst(0, -0.0, double.Epsilon, double.MaxValue, double.MinValue, 1e15, 1e15 + 1, 0.1, Math.BitIncrement(1)).Array[1, 20]);

    [Fact]
    public void Every_value_is_counted_in_the_bin_whose_range_it_is_in() => Values.Sample(values =>
    {
        var range = Range(values);
        Assert.InRange(range.Bins.Count, 1, Histogram.MaximumBins);
        Assert.All(range.Bins.SkipLast(1).Zip(range.Bins.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        Assert.All(range.Bins, bin => Assert.Equal(values.Count(value => value >= Number(bin.From) && value < Number(bin.To)), bin.Count));
        Assert.Equal(values.Length, range.Bins.Sum(bin => bin.Count));
        Assert.Equal(values.Min(), Number(range.Minimum));
        Assert.Equal(values.Max(), Number(range.Maximum));
    });

    [Fact]
    public void The_order_of_the_values_does_not_matter() => Gen.Select(Values, Gen.Int).Sample((values, seed) =>
    {
        var shuffled = values.ToArray();
        new Random(seed).Shuffle(shuffled);
        Assert.Equal(Range(values).Bins, Range(shuffled).Bins);
    });

    [Theory]
    [InlineData("1 1 2 5", "1-2:2 2-3:1 3-4:0 4-5:0 5-6:1")]
    [InlineData("0.5 0.75", "0.5-0.5078125:1", "0.75-0.7578125:1")]
    [InlineData("7", "7-8:1")]
    public void Bins_are_as_narrow_as_they_can_be_but_whole_numbers_are_not_divided(string values, params string[] expected)
    {
        var bins = Range([.. values.Split(' ').Select(Number)]).Bins.Select(bin => $"{bin.From}-{bin.To}:{bin.Count}").ToArray();
        Assert.Equal(expected[0].Split(' '), bins.Take(expected[0].Split(' ').Length));
        Assert.Equal(expected[^1].Split(' ')[^1], bins[^1]);
    }

    private static ValueRange Range(double[] values)
    {
        var histogram = new Histogram(HistogramLabels.Number, masksValues: false);
        foreach (var value in values)
            histogram.Add(value, Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
        return histogram.Range();
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
