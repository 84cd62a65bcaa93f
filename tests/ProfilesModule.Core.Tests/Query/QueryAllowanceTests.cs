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
        Assert.Equal(60, allowance.Left);
        for (var sent = 1; sent <= 61; sent++)
        {
            allowance.Count();
            Assert.Equal(Math.Max(0, 60 - sent), allowance.Left);
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        // 05:30:30 now. The first was at 05:00:00, the second at 05:00:30.
        _time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromTicks(1));
        Assert.Equal(0, allowance.Left);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, allowance.Left);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(60, allowance.Left);
    }

    [Fact]
    public void Connections_to_one_project_share_them()
    {
        var endpoint = new Uri("https://query.example/");
        Assert.Same(QueryAllowance.Of(endpoint, "1"), QueryAllowance.Of(new("https://query.example/"), "1"));
        Assert.NotSame(QueryAllowance.Of(endpoint, "1"), QueryAllowance.Of(endpoint, "2"));
    }
}
