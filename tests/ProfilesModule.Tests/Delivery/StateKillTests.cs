using System.Globalization;
using System.Text.Json;
using ProfilesModule.Core.Tests.Wire;
using ProfilesModule.Tests.Hosting;
using Xunit.Abstractions;

namespace ProfilesModule.Tests.Delivery;

/// <summary>
/// An import with a state, in a process of its own, that is killed at random instants while every row changes. PROFILES_KILL_RUNS says how
/// often; default 4.
/// </summary>
public sealed class StateKillTests(ITestOutputHelper output) : PwshTest
{
    private const int Rows = 200_000;
    private const int Values = 3;
    private const int BatchSize = 1000;

    private const string Import = """
        Connect-UserProfileService -Token t -Endpoint $endpoint
        $whatIf = @{}
        if ($counts) { $whatIf.WhatIf = $true }
        $r = Import-UserProfileCsv *.csv -StatePath state.db -BatchSize 1000 -WarningAction Ignore @whatIf
        "$($r.Accepted) accepted, $($r.Unchanged) unchanged"
        exit $r.ExitCode
        """;

    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("PROFILES_KILL_RUNS") ?? "4", CultureInfo.InvariantCulture);

    private readonly Random _random = new();

    [Fact]
    public async Task However_often_it_is_killed_the_state_says_only_what_the_service_has()
    {
        await using var service = new KeepingService();
        var script = Script(Import, "param($endpoint, [switch] $counts)");
        Write("a.csv", _ => 0);
        Assert.StartsWith($"{Rows} accepted", Run("-File", script, service.Endpoint.ToString()).Output, StringComparison.Ordinal);
        var killed = 0;
        for (var kill = 1; kill <= Kills; kill++)
        {
            // Every row has another value than in the round before, and one that it had earlier.
            var round = kill;
            Write("a.csv", row => (row + round) % Values);
            killed += await KillAsync(service, script) ? 1 : 0;
            output.WriteLine($"Killed with {service.Held.Skip(1).Index().Count(v => v.Item == (v.Index + 1 + round) % Values)} rows delivered.");

            // Neither of the values that the service has not is taken for one that it has.
            Write("a.csv", row => (service.Held[row] + 1) % Values);
            Write("b.csv", row => (service.Held[row] + 2) % Values);
            var counted = Run("-File", script, service.Endpoint.ToString(), "-counts");
            Assert.Contains(", 0 unchanged", counted.Output, StringComparison.Ordinal);
            File.Delete(Path.Combine(Folder, "b.csv"));
        }

        Assert.InRange(killed, Kills / 2, Kills);
        Write("a.csv", row => (row + Kills) % Values);
        var result = Run("-File", script, service.Endpoint.ToString());
        Assert.Equal(0, result.ExitCode);
        output.WriteLine(result.Output);
        Assert.All(Enumerable.Range(1, Rows), row => Assert.Equal((row + Kills) % Values, service.Held[row]));
        Assert.StartsWith($"0 accepted, {Rows} unchanged", Run("-File", script, service.Endpoint.ToString()).Output, StringComparison.Ordinal);
    }

    private void Write(string name, Func<int, int> value) => File.WriteAllText(
        Path.Combine(Folder, name), "distinct_id,v\n" + string.Concat(Enumerable.Range(1, Rows).Select(row => $"{row},{value(row)}\n")));

    // It may end by itself: what two killed runs did not send, and the third has again, is unchanged.
    private async Task<bool> KillAsync(KeepingService service, string script)
    {
        service.KillAt(1 + _random.Next(Rows / BatchSize * 3 / 4), replies: _random.Next(5));
        using var process = StartPwsh("-File", script, service.Endpoint.ToString());
        await Task.WhenAny(service.Reached, process.WaitForExitAsync());
        process.Kill();
        service.Release();
        Finish(process);

        // What had arrived is applied before another process sends more.
        await service.QuietAsync();
        return service.Reached.IsCompleted;
    }

    /// <summary>A service that keeps the value of each row.</summary>
    private sealed class KeepingService : IAsyncDisposable
    {
        private readonly RawServer _server;
        private TaskCompletionSource _reached = new();
        private TaskCompletionSource _released = new();
        private int _requestsLeft = int.MaxValue;
        private int _repliesLeft;
        private int _connections;

        public KeepingService() => _server = new(ServeAsync);

        public Uri Endpoint => _server.Endpoint;

        /// <summary>The value of each row, by its number.</summary>
        public int[] Held { get; } = new int[Rows + 1];

        /// <summary>Ends once so many requests have arrived.</summary>
        public Task Reached => _reached.Task;

        /// <summary>Waits for a request, and from then on replies so often only, so that the client cannot end by itself.</summary>
        public void KillAt(int request, int replies)
        {
            (_reached, _released) = (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously));
            _repliesLeft = replies;
            Volatile.Write(ref _requestsLeft, request);
        }

        /// <summary>Replies again.</summary>
        public void Release()
        {
            Volatile.Write(ref _requestsLeft, int.MaxValue);
            _released.SetResult();
        }

        /// <summary>Waits until no client is connected.</summary>
        public async Task QuietAsync()
        {
            while (Volatile.Read(ref _connections) > 0)
                await Task.Delay(1);
        }

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        private async Task ServeAsync(RawConnection connection)
        {
            Interlocked.Increment(ref _connections);
            try
            {
                while (await connection.ReadRequestAsync() is { } request)
                {
                    var isUpdate = request.Body.AsSpan().StartsWith("["u8);
                    if (isUpdate)
                        Keep(request.Body);
                    var left = Interlocked.Decrement(ref _requestsLeft);
                    if (left == 0)
                        _reached.SetResult();
                    if (left <= 0 && Interlocked.Decrement(ref _repliesLeft) < 0)
                        await _released.Task;
                    await connection.WriteAsync(isUpdate ? RawServer.Reply("200 OK", """{"error":null,"status":1}""") : RawServer.Reply("404 Not Found", "{}"));
                }
            }
            finally
            {
                Interlocked.Decrement(ref _connections);
            }
        }

        private void Keep(byte[] body)
        {
            using var document = JsonDocument.Parse(body);
            foreach (var record in document.RootElement.EnumerateArray())
            {
                if (int.TryParse(record.GetProperty("$distinct_id").GetString(), CultureInfo.InvariantCulture, out var row))
                    Held[row] = int.Parse(record.GetProperty("$set").GetProperty("v").GetString()!, CultureInfo.InvariantCulture);
            }
        }
    }
}
