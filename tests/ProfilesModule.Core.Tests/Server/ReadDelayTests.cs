using ProfilesModule.Server;
using ProfilesModule.Server.Storage;
using ProfilesModule.Sqlite;

namespace ProfilesModule.Core.Tests.Server;

public sealed class ReadDelayTests
{
    private static readonly EngageServerOptions Options = new() { ReadDelay = TimeSpan.FromSeconds(16), PageSize = 2 };

    public static TheoryData<StoreKind> Stores => [StoreKind.Memory, StoreKind.Sqlite];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Each_write_is_visible_after_the_delay_and_not_before(StoreKind kind)
    {
        using var running = new RunningServer(kind, Options);
        async Task Write(int value, double then)
        {
            Assert.Equal(200, (await running.Apply("a", $$""" "$set":{"p":{{value}} },"$ignore_time":true """)).Status);
            running.Time.Advance(TimeSpan.FromSeconds(then));
        }

        await Write(1, 10);
        Assert.Null(await running.Properties("a"));
        await Write(2, 5);
        Assert.Null(await running.Properties("a"));
        running.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("""{"p":1}""", await running.Properties("a"));
        await running.Apply("a", """ "$delete":"" """);
        running.Time.Advance(TimeSpan.FromSeconds(9.999));
        Assert.Equal("""{"p":1}""", await running.Properties("a"));
        running.Time.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Equal("""{"p":2}""", await running.Properties("a"));
        running.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Null(await running.Properties("a"));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Updates_build_on_one_another_at_once(StoreKind kind)
    {
        using var running = new RunningServer(kind, Options);
        for (int i = 0; i < 100; i++)
        {
            await running.Apply("a", """ "$add":{"p":1},"$ignore_time":true """);
            running.Time.Advance(TimeSpan.FromSeconds(0.3));
        }

        Assert.Equal(1, running.Server.ProfileCount);
        Assert.Equal(100, running.Server.UpdateCount);
        running.Time.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal("""{"p":100}""", await running.Properties("a"));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Queries_that_share_a_moment_page_through_it_side_by_side(StoreKind kind)
    {
        using var running = new RunningServer(kind, Options);
        foreach (string id in new[] { "a", "b", "c" })
            await running.Apply(id, """ "$set":{} """);
        running.Time.Advance(TimeSpan.FromSeconds(16));
        await running.Apply("c", """ "$delete":"" """);
        string[] sessions = new string[20];
        for (int i = 0; i < sessions.Length; i++)
            sessions[i] = (await running.Query()).Json.GetProperty("session_id").GetString()!;
        running.Time.Advance(TimeSpan.FromSeconds(100));
        await running.Apply("d", """ "$set":{} """);

        Answer[] pages = await Task.WhenAll(sessions.Select(session => running.Query(("session_id", session), ("page", "1"))));

        Assert.All(pages, page => Assert.Equal(["c"], page.Ids));
        Assert.Equal(["a", "b"], (await running.Query()).Ids);
    }

    [Fact]
    public async Task What_is_not_visible_yet_is_kept_when_the_server_ends()
    {
        using var folder = new TemporaryFolder();
        using (EngageServer server = EngageServer.Start(Options, new SqliteProfileStore(folder.File("p.db"))))
        {
            using var client = new HttpClient { BaseAddress = server.Endpoint };
            await client.PostAsync("engage", RunningServer.Json("""{"$token":"t","$distinct_id":"a","$set":{}}"""));
        }

        using EngageServer next = EngageServer.Start(Options, new SqliteProfileStore(folder.File("p.db")));
        Assert.Equal(1, next.ProfileCount);
    }

    [Fact]
    public async Task However_many_writes_there_are_few_snapshots_are_kept()
    {
        var store = new CountingStore();
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        using EngageServer server = EngageServer.Start(Options, store, time);
        using var client = new HttpClient { BaseAddress = server.Endpoint };

        for (int i = 0; i < 300; i++)
        {
            await client.PostAsync("engage", RunningServer.Json("""{"$token":"t","$distinct_id":"a","$set":{}}"""));
            time.Advance(TimeSpan.FromSeconds(0.2));
            Assert.InRange(store.Open, 1, 17);
        }
        time.Advance(TimeSpan.FromSeconds(33));

        Assert.Equal(0, store.Open);
    }

    private sealed class CountingStore : IProfileStore
    {
        private readonly MemoryProfileStore _profiles = new();
        private int _open;

        public long Count => _profiles.Count;

        public int Open => _open;

        public void Write(Action<IProfileTransaction> work) => _profiles.Write(work);

        public IProfileSnapshot OpenSnapshot()
        {
            Interlocked.Increment(ref _open);
            return new Snapshot(_profiles.OpenSnapshot(), this);
        }

        public void Dispose() => _profiles.Dispose();

        private sealed class Snapshot(IProfileSnapshot profiles, CountingStore store) : IProfileSnapshot
        {
            public long Count(long dataGroupId) => profiles.Count(dataGroupId);

            public IEnumerable<StoredProfile> ReadFrom(long dataGroupId, long position) => profiles.ReadFrom(dataGroupId, position);

            public StoredProfile? Find(ProfileKey key) => profiles.Find(key);

            public void Dispose() => Interlocked.Decrement(ref store._open);
        }
    }
}
