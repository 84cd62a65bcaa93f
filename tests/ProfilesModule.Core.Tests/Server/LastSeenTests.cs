namespace ProfilesModule.Core.Tests.Server;

public sealed class LastSeenTests : IDisposable
{
    private readonly RunningServer _running = new();

    public void Dispose() => _running.Dispose();

    [Theory]
    [InlineData(""" "$set":{"p":2} """, """{"p":2,"$last_seen":"2026-03-04T06:06:07"}""")]
    [InlineData(""" "$set":{} """, """{"p":1,"$last_seen":"2026-03-04T06:06:07"}""")]
    [InlineData(""" "$set":{"$last_seen":"2001-01-01T00:00:00"} """, """{"p":1,"$last_seen":"2026-03-04T06:06:07"}""")]
    [InlineData(""" "$set_once":{"p":2} """, """{"p":1,"$last_seen":"2026-03-04T06:06:07"}""")]
    [InlineData(""" "$add":{"p":2} """, """{"p":3,"$last_seen":"2026-03-04T06:06:07"}""")]
    [InlineData(""" "$append":{"p":2} """, """{"p":1,"$last_seen":"2026-03-04T06:06:07"}""")]
    [InlineData(""" "$union":{"p":2} """, """{"p":1,"$last_seen":"2026-03-04T06:06:07"}""")]
    [InlineData(""" "$remove":{"p":1} """, """{"p":1,"$last_seen":"2026-03-04T05:06:07"}""")]
    [InlineData(""" "$unset":["none"] """, """{"p":1,"$last_seen":"2026-03-04T05:06:07"}""")]
    [InlineData(""" "$set":{"p":2},"$ignore_time":true """, """{"p":2,"$last_seen":"2026-03-04T05:06:07"}""")]
    [InlineData(""" "$set":{"p":2},"$ignore_time":1 """, """{"p":2,"$last_seen":"2026-03-04T05:06:07"}""")]
    [InlineData(""" "$set":{"p":2},"$ignore_time":"true" """, """{"p":2,"$last_seen":"2026-03-04T05:06:07"}""")]
    [InlineData(""" "$set":{"p":2},"$ignore_time":false """, """{"p":2,"$last_seen":"2026-03-04T06:06:07"}""")]
    [InlineData(""" "$set":{"$last_seen":"2001-01-01T00:00:00"},"$ignore_time":true """, """{"p":1,"$last_seen":"2001-01-01T00:00:00"}""")]
    [InlineData(""" "$set_once":{"$last_seen":"2001-01-01T00:00:00"},"$ignore_time":true """, """{"p":1,"$last_seen":"2026-03-04T05:06:07"}""")]
    public async Task An_update_of_a_profile_leaves_the_time_of_its_receipt(string operation, string expected)
    {
        await _running.Apply("a", """ "$set":{"p":1} """);
        _running.Time.Advance(TimeSpan.FromHours(1));

        await _running.Apply("a", operation);

        Assert.Equal(expected, await _running.Properties("a"));
    }

    [Theory]
    [InlineData(""" "$set":{"$last_seen":"2001-01-01T00:00:00","p":1} """, """{"p":1,"$last_seen":"2026-03-04T05:06:07"}""")]
    [InlineData(""" "$set_once":{"$last_seen":"2001-01-01T00:00:00"} """, """{"$last_seen":"2026-03-04T05:06:07"}""")]
    [InlineData(""" "$set":{"$last_seen":"2001-01-01T00:00:00"},"$ignore_time":true """, """{"$last_seen":"2001-01-01T00:00:00"}""")]
    [InlineData(""" "$set":{"p":1},"$ignore_time":true """, """{"p":1}""")]
    [InlineData(""" "$add":{"p":1} """, """{"p":1,"$last_seen":"2026-03-04T05:06:07"}""")]
    [InlineData(""" "$append":{"p":1} """, """{"p":[1],"$last_seen":"2026-03-04T05:06:07"}""")]
    [InlineData(""" "$union":{"p":1} """, """{"p":[1],"$last_seen":"2026-03-04T05:06:07"}""")]
    [InlineData(""" "$union":{"p":1},"$ignore_time":true """, """{"p":[1]}""")]
    public async Task An_update_that_creates_a_profile_leaves_the_time_of_its_receipt(string operation, string expected)
    {
        await _running.Apply("a", operation);

        Assert.Equal(expected, await _running.Properties("a"));
    }
}
