using Microsoft.Extensions.Time.Testing;
using ProfilesModule.Query;

namespace ProfilesModule.Core.Tests.Query;

public sealed class QueryAllowanceTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 5, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Sixty_queries_can_be_sent_within_any_hour()
    {
        var allowance = new QueryAllowance(_time);
        Assert.Equal((60, null), (allowance.Left, allowance.NextAt));
        for (var minute = 0; minute < 60; minute++)
        {
            allowance.Count();
            Assert.Equal(59 - minute, allowance.Left);
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        // 05:30 now; the first was at 05:00:00, the second at 05:00:30.
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 6, 0, 0, TimeSpan.Zero), allowance.NextAt);
        _time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromTicks(1));
        Assert.Equal(0, allowance.Left);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal((1, null), (allowance.Left, allowance.NextAt));
    }

    [Fact]
    public void Queries_beyond_the_limit_count_as_well()
    {
        var allowance = new QueryAllowance(_time);
        for (var i = 0; i < 61; i++)
        {
            allowance.Count();
            _time.Advance(TimeSpan.FromMinutes(1) / 2);
        }

        Assert.Equal(new DateTimeOffset(2026, 3, 4, 6, 0, 30, TimeSpan.Zero), allowance.NextAt);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(60, allowance.Left);
    }
}
