using System.Collections;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Dates of the pipeline that are of no zone.</summary>
public sealed class DateZoneTests : ConnectedTests
{
    [Theory]
    [InlineData("", "\"2026-07-01T12:00:00\"")]
    [InlineData("-TimeZone Europe/Vienna", "\"2026-07-01T10:00:00\"")]
    [InlineData("-TimeZone UTC", "\"2026-07-01T12:00:00\"")]
    public void Dates_of_no_zone_are_of_the_zone_that_is_given(string parameters, string expected)
    {
        var row = new Hashtable
        {
            ["distinct_id"] = "1",
            ["none"] = new DateTime(2026, 7, 1, 12, 0, 0, DateTimeKind.Unspecified),
            ["utc"] = new DateTime(2026, 7, 1, 12, 0, 0, DateTimeKind.Utc),
            ["local"] = new DateTime(2026, 7, 1, 12, 0, 0, DateTimeKind.Utc).ToLocalTime(),
            ["offset"] = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.FromHours(5)),
            ["day"] = new DateOnly(2026, 7, 1),
        };
        Session.Run($"$row | Set-UserProfile {parameters}; Set-UserProfile 2 -Property @{{ none = $row.none }} {parameters}", new { row }).Succeeded();
        var profile = Service.Profiles["1"];
        Assert.Equal(
            (expected, "\"2026-07-01T12:00:00\"", "\"2026-07-01T12:00:00\"", "\"2026-07-01T07:00:00\"", "\"2026-07-01\""),
            (profile.GetProperty("none").GetRawText(), profile.GetProperty("utc").GetRawText(), profile.GetProperty("local").GetRawText(), profile.GetProperty("offset").GetRawText(), profile.GetProperty("day").GetRawText()));
        Assert.Equal(expected, Service.Profiles["2"].GetProperty("none").GetRawText());
    }

    [Fact]
    public void A_time_that_the_clocks_leave_out_is_refused_and_one_that_comes_twice_is_winter_time()
    {
        var result = Session.Run("""
            @{ distinct_id = '1'; d = [datetime]::new(2026, 3, 29, 2, 30, 0) } | Set-UserProfile -TimeZone Europe/Vienna
            @{ distinct_id = '2'; d = [datetime]::new(2026, 10, 25, 2, 30, 0) } | Set-UserProfile -TimeZone Europe/Vienna
            """);
        Assert.StartsWith("UnsupportedValue,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal("\"2026-10-25T01:30:00\"", Assert.Single(Service.Profiles).Value.GetProperty("d").GetRawText());
    }
}
