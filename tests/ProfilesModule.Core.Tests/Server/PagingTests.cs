using ProfilesModule.Server;

namespace ProfilesModule.Core.Tests.Server;

public sealed class PagingTests
{
    public static TheoryData<StoreKind> Stores => [StoreKind.Memory, StoreKind.Sqlite];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_sessions_pages_are_those_of_its_first_moment_whatever_is_written_meanwhile(StoreKind kind)
    {
        using RunningServer running = await With25Profiles(kind);
        Answer first = await running.Query();
        string session = first.Json.GetProperty("session_id").GetString()!;
        await Batch(running, Enumerable.Range(0, 20), """ "$delete":"" """);
        await Batch(running, Enumerable.Range(20, 5), """ "$set":{"n":"changed"} """);
        await Batch(running, Enumerable.Range(100, 20), """ "$set":{"n":"new"} """);
        await Batch(running, Enumerable.Range(0, 3), """ "$set":{"n":"again"} """);

        Answer second = await running.Query(("session_id", session), ("page", "1"));
        Answer third = await running.Query(("session_id", session), ("page", "2"));
        Answer fourth = await running.Query(("session_id", session), ("page", "3"));

        Assert.Equal(Enumerable.Range(0, 10).Select(Id), first.Ids);
        Assert.Equal(Enumerable.Range(10, 10).Select(Id), second.Ids);
        Assert.Equal(Enumerable.Range(20, 5).Select(Id), third.Ids);
        Assert.Empty(fourth.Ids);
        Assert.All(third.Json.GetProperty("results").EnumerateArray(), profile => Assert.Equal("old", profile.GetProperty("$properties").GetProperty("n").GetString()));
        Assert.All([first, second, third, fourth], answer =>
        {
            Assert.Equal(25, answer.Json.GetProperty("total").GetInt64());
            Assert.Equal(10, answer.Json.GetProperty("page_size").GetInt32());
            Assert.Equal(session, answer.Json.GetProperty("session_id").GetString());
        });
        Assert.Equal(28, (await running.Query()).Json.GetProperty("total").GetInt64());
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Pages_can_be_read_in_any_order_and_again_until_all_were(StoreKind kind)
    {
        using RunningServer running = await With25Profiles(kind);
        string session = (await running.Query()).Json.GetProperty("session_id").GetString()!;
        async Task<IEnumerable<string>> Page(string page) => (await running.Query(("session_id", session), ("page", page))).Ids;

        Assert.Equal(Enumerable.Range(20, 5).Select(Id), await Page("2"));
        Assert.Empty(await Page("2147483647"));
        Task<IEnumerable<string>>[] atOnce = [.. Enumerable.Range(0, 20).Select(_ => Page("2"))];
        foreach (Task<IEnumerable<string>> page in atOnce)
            Assert.Equal(Enumerable.Range(20, 5).Select(Id), await page);

        // Then the snapshot is let go; only the page that was read last may not have arrived.
        Assert.Equal(Enumerable.Range(10, 10).Select(Id), await Page("1"));
        Assert.Equal(Enumerable.Range(10, 10).Select(Id), await Page("1"));
        Assert.Empty(await Page("3"));
        Assert.Equal(400, (await running.Query(("session_id", session), ("page", "2"))).Status);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_list_of_ids_is_paged_too_with_its_output_properties(StoreKind kind)
    {
        using RunningServer running = await With25Profiles(kind);
        string ids = $"[{string.Join(',', Enumerable.Range(0, 30).Select(i => $"\"{Id(29 - i)}\""))}]";
        Answer first = await running.Query(("distinct_ids", ids), ("output_properties", """["n"]"""));
        string session = first.Json.GetProperty("session_id").GetString()!;
        await Batch(running, Enumerable.Range(0, 25), """ "$delete":"" """);

        Answer last = await running.Query(("session_id", session), ("page", "2"));

        Assert.Equal(Enumerable.Range(15, 10).Reverse().Select(Id), first.Ids);
        Assert.Equal(["4", "3", "2", "1", "0"], last.Ids);
        Assert.Equal("""{"n":"old"}""", last.Json.GetProperty("results")[4].GetProperty("$properties").GetRawText());
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_full_last_page_is_followed_by_an_empty_one(StoreKind kind)
    {
        using RunningServer running = await With25Profiles(kind);
        await Batch(running, Enumerable.Range(10, 15), """ "$delete":"" """);
        Answer first = await running.Query();

        Answer second = await running.Query(("session_id", first.Json.GetProperty("session_id").GetString()!), ("page", "1"));

        Assert.Equal(10, first.Ids.Count());
        Assert.Equal(200, second.Status);
        Assert.Empty(second.Ids);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_page_behind_the_only_one_is_empty(StoreKind kind)
    {
        using RunningServer running = await With25Profiles(kind);
        Answer first = await running.Query(("distinct_id", Id(3)));
        string session = first.Json.GetProperty("session_id").GetString()!;

        Answer second = await running.Query(("session_id", session), ("page", "1"));
        running.Time.Advance(TimeSpan.FromMinutes(10));
        Answer third = await running.Query(("session_id", session), ("page", "1"));

        Assert.Equal((200, 1L, session), (second.Status, second.Json.GetProperty("total").GetInt64(), second.Json.GetProperty("session_id").GetString()));
        Assert.Empty(second.Ids);
        Assert.Equal(400, third.Status);
    }

    [Fact]
    public async Task A_page_of_an_unknown_session_is_refused()
    {
        using RunningServer running = await With25Profiles(StoreKind.Memory);

        Answer answer = await running.Query(("session_id", "1-0"), ("page", "1"));

        Assert.Equal(400, answer.Status);
        Assert.Equal("""{"request":"/api/query/engage","error":"session_id is unknown or has expired"}""", answer.Body);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_session_ends_when_it_was_not_used_for_ten_minutes(StoreKind kind)
    {
        using RunningServer running = await With25Profiles(kind);
        string session = (await running.Query()).Json.GetProperty("session_id").GetString()!;
        async Task<int> StatusAfter(TimeSpan pause)
        {
            running.Time.Advance(pause);
            return (await running.Query(("session_id", session), ("page", "1"))).Status;
        }

        Assert.Equal(200, await StatusAfter(TimeSpan.FromMinutes(9.5)));
        Assert.Equal(200, await StatusAfter(TimeSpan.FromMinutes(9.5)));
        Assert.Equal(400, await StatusAfter(TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public async Task Of_too_many_sessions_the_one_not_used_for_longest_ends_and_single_look_ups_end_none()
    {
        using RunningServer running = await With25Profiles(StoreKind.Sqlite);
        var sessions = new List<string>();
        async Task<int> Status(string session) => (await running.Query(("session_id", session), ("page", "1"))).Status;
        for (int i = 0; i < 32; i++)
        {
            running.Time.Advance(TimeSpan.FromSeconds(1));
            sessions.Add((await running.Query()).Json.GetProperty("session_id").GetString()!);
        }
        running.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, await Status(sessions[0]));
        for (int i = 0; i < 50; i++)
            await running.Properties("1");
        Assert.Equal(200, await Status(sessions[1]));

        running.Time.Advance(TimeSpan.FromSeconds(1));
        await running.Query();

        Assert.Equal(400, await Status(sessions[2]));
        Assert.Equal(200, await Status(sessions[0]));
        Assert.Equal(200, await Status(sessions[1]));
        Assert.Equal(200, await Status(sessions[3]));
    }

    private static string Id(int number) => $"{number}";

    private static async Task<RunningServer> With25Profiles(StoreKind kind)
    {
        var running = new RunningServer(kind, new EngageServerOptions { PageSize = 10 });
        await Batch(running, Enumerable.Range(0, 25), """ "$set":{"n":"old","m":1} """);
        return running;
    }

    private static async Task Batch(RunningServer running, IEnumerable<int> ids, string operation)
    {
        string records = string.Join(',', ids.Select(id => $$"""{"$token":"t","$distinct_id":"{{Id(id)}}",{{operation}}}"""));
        Assert.Equal(new Answer(200, "1"), await running.Engage($"[{records}]", ""));
    }
}
