using System.Collections.Concurrent;
using System.Text.Json;
using ProfilesModule.Core.Tests.Wire;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Behind a balancer that closes a connection after some requests, or soon after a reply, an import is as it would be without.</summary>
public sealed class ConnectionLimitTests : IDisposable
{
    private const int Rows = 10_000;

    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, int> _sums = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("Set", 1)]
    [InlineData("Set", 2)]
    [InlineData("Set", 3)]
    [InlineData("Set", 10)]
    [InlineData("Add", 1)]
    [InlineData("Add", 2)]
    [InlineData("Add", 3)]
    [InlineData("Add", 10)]
    public async Task A_limit_of_requests_a_connection_costs_no_attempt(string operation, int most)
    {
        var resets = 0;
        await using var server = new RawServer(async connection =>
        {
            for (var i = 0; i < most && await connection.ReadRequestAsync() is { } request; i++)
                await ReplyAsync(connection, request);

            // The next request is on its way when the connection goes.
            if (!await connection.WaitForBytesAsync())
                return;
            Interlocked.Increment(ref resets);
            connection.Reset();
        });
        AssertAllArrive(server, operation);

        // Of 50 requests, those that are on their way at once show what the limit is: the more, the slower the machine.
        Assert.InRange(resets, 0, operation == "Add" ? 0 : 16);
    }

    [Theory]
    [InlineData("Set")]
    [InlineData("Add")]
    public async Task A_connection_that_is_closed_when_it_idles_costs_no_attempt(string operation)
    {
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                await ReplyAsync(connection, request);
                if (await Task.WhenAny(connection.WaitForBytesAsync(), Task.Delay(50)) is not Task<bool>)
                    return;
            }
        });
        AssertAllArrive(server, operation, "-BatchSize 1000 -MaxConcurrency 1 -MaxUpdatesPerSecond 10000");
    }

    [Theory]
    [InlineData("Set")]
    [InlineData("Add")]
    public async Task A_connection_that_is_closed_behind_each_reply_costs_no_attempt(string operation)
    {
        await using var server = new RawServer(async connection =>
        {
            if (await connection.ReadRequestAsync() is { } request)
                await ReplyAsync(connection, request);
        });
        AssertAllArrive(server, operation);
    }

    private void AssertAllArrive(RawServer server, string operation, string parameters = "")
    {
        var result = Import(server, operation, parameters).Succeeded();
        Assert.Equal(((long)Rows, 0L, 0L, 0), (result.Value("Accepted"), result.Value("Unknown"), result.Value("Retries"), result.Value("ExitCode")));
        Assert.Equal(Rows, _sums.Count);
        if (operation == "Add")
            Assert.All(_sums, sum => Assert.Equal(1, sum.Value));
    }

    private ScriptResult Import(RawServer server, string operation, string parameters)
    {
        var path = _folder.Write("users.csv", "distinct_id,n\n" + string.Concat(Enumerable.Range(1, Rows).Select(i => $"{i},1\n")));
        return _session.Run(
            $"Connect-UserProfileService -Token t -Endpoint $endpoint; Import-UserProfileCsv $path -Operation {operation} -PropertyType @{{ n = 'Number' }} -RetryIntervalSec 0 {parameters}",
            new { path, endpoint = server.Endpoint });
    }

    private async Task ReplyAsync(RawConnection connection, RawRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        foreach (var record in body.RootElement.EnumerateArray())
            _sums.AddOrUpdate(record.GetProperty("$distinct_id").GetString()!, 1, (_, sum) => sum + 1);
        await connection.WriteAsync(RawServer.Reply("200 OK", """{"error":null,"status":1}"""));
    }
}
