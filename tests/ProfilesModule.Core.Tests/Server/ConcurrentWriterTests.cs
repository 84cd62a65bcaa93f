namespace ProfilesModule.Core.Tests.Server;

public sealed class ConcurrentWriterTests
{
    [Theory]
    [InlineData(StoreKind.Memory)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Updates_of_many_clients_all_arrive_and_each_reader_sees_whole_requests(StoreKind kind)
    {
        using var running = new RunningServer(kind, new ProfilesModule.Server.EngageServerOptions { PageSize = 100_000 });
        const int writers = 8;
        const int requests = 15;
        const int batch = 20;

        Task write = Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            for (int request = 0; request < requests; request++)
            {
                // Ids of the writer's own, and one profile that all of them share.
                string records = string.Join(',', Enumerable.Range(0, batch - 1)
                    .Select(i => $$"""{"$token":"t","$distinct_id":"{{writer}}-{{request}}-{{i}}","$set":{"n":1} }""")
                    .Append($$"""{"$token":"t","$distinct_id":"shared","$set":{"{{writer}}-{{request}}":1} }"""));
                Assert.Equal(new Answer(200, "1"), await running.Engage($"[{records}]", ""));
            }
        }));
        while (!write.IsCompleted)
        {
            int own = (await running.Query()).Ids.Count(id => id != "shared");
            Assert.Equal(0, own % (batch - 1));
        }
        await write;

        Assert.Equal((writers * requests * (batch - 1)) + 1, running.Server.ProfileCount);
        Assert.Equal(writers * requests * batch, running.Server.UpdateCount);
        Answer shared = await running.Query(("distinct_id", "shared"));
        Assert.Equal((writers * requests) + 1, shared.Json.GetProperty("results")[0].GetProperty("$properties").EnumerateObject().Count());
    }
}
