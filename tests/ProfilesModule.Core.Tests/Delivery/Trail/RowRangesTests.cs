using CsCheck;
using ProfilesModule.Delivery.Trail;

namespace ProfilesModule.Core.Tests.Delivery.Trail;

public sealed class RowRangesTests
{
    [Fact]
    public void Hold_what_was_added_in_the_fewest_ranges() =>
        Gen.Select(Gen.Long[1, 60], Gen.Long[0, 8]).Array[0, 40].Sample(added =>
        {
            var ranges = new RowRanges();
            var rows = new HashSet<long>();
            foreach (var (first, more) in added)
            {
                ranges.Add(first, first + more);
                for (var row = first; row <= first + more; row++)
                    rows.Add(row);
            }

            Assert.All(Enumerable.Range(0, 72), row => Assert.Equal(rows.Contains(row), ranges.Contains(row)));
            Assert.Equal(rows.Count, ranges.Count);
            Assert.Equal(Enumerable.Range(1, 72).TakeWhile(row => rows.Contains(row)).Count(), ranges.LowWater);
            Assert.All(ranges.Ranges.Zip(ranges.Ranges.Skip(1)), pair => Assert.True(pair.First.Last + 1 < pair.Second.First));
        });
}
