using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ProfilesModule.Core.Tests.Wire;
using ProfilesModule.Tests.Hosting;
using Xunit.Abstractions;

namespace ProfilesModule.Tests.Delivery;

/// <summary>
/// An import in a process of its own that is killed at random instants, and resumed each time. The instants are counted in
/// requests, so that each falls into the run however fast the machine is. PROFILES_KILL_RUNS says how often; default 4.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : PwshTest
{
    private const int Rows = 200_000;
    private const int BatchSize = 200;
    private const int MaxConcurrency = 4;

    private const string Import = """
        Connect-UserProfileService -Token t -Endpoint $endpoint
        $r = Import-UserProfileCsv users.csv -Operation $operation -BatchSize 200 -MaxConcurrency 4 -JournalPath journal -Resume -RejectPath rejects.csv -LogPath log -WarningAction Ignore
        "$($r.Read) read, $($r.Accepted) accepted, $($r.Rejected) rejected, $($r.Unknown) unknown, $($r.Unsent) unsent"
        $a = Get-UserProfileImport log -ErrorAction Ignore
        "log: $($a.Read) read, $($a.Accepted) accepted, $($a.Rejected) rejected, $($a.Unknown) unknown, $($a.Unsent) unsent, $($a.Found) task, $($a.ExitCode)"
        exit $r.ExitCode
        """;

    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("PROFILES_KILL_RUNS") ?? "4", CultureInfo.InvariantCulture);

    private readonly Random _random = new();

    [Fact]
    public async Task Every_profile_arrives_however_often_the_import_is_killed()
    {
        await using var service = new CountingService();
        var (result, rejects) = await ImportAndKill(service, "Set");
        var resent = service.Deliveries.Sum(d => Math.Max(0, d - 1));
        output.WriteLine($"{Kills} kills, {resent} updates sent again: {result.Output}");

        AssertAccount($"{Rows} read, {Good.Count()} accepted, {Rows - Good.Count()} rejected, 0 unknown, 0 unsent", result);
        Assert.Equal(1, result.ExitCode);
        Assert.All(Good, row => Assert.True(service.Deliveries[row] > 0, $"Row {row} never arrived."));
        Assert.InRange(resent, 0, Kills * MaxConcurrency * BatchSize);
        Assert.Equal(Enumerable.Range(1, Rows).Where(IsBad), rejects.Select(r => r.Row).Order());
        Assert.All(rejects, r => Assert.Equal(IsRagged(r.Row) ? "FieldCountMismatch" : "UpdateRejected", r.ErrorId));
    }

    [Fact]
    public async Task No_number_is_added_twice_however_often_the_import_is_killed()
    {
        await using var service = new CountingService();
        var (result, rejects) = await ImportAndKill(service, "Add");
        var unknown = rejects.Where(r => r.ErrorId == "OutcomeUnknown").Select(r => r.Row).ToHashSet();
        output.WriteLine($"{Kills} kills, {unknown.Count(row => service.Deliveries[row] == 0)} of the unknown never arrived: {result.Output}");

        // A poisoned row may have been under way in a killed run too; then it is unknown what became of it.
        var accepted = Good.Count(row => !unknown.Contains(row));
        AssertAccount($"{Rows} read, {accepted} accepted, {Rows - accepted - unknown.Count} rejected, {unknown.Count} unknown, 0 unsent", result);
        Assert.Equal(1, result.ExitCode);
        Assert.DoesNotContain(service.Deliveries, d => d > 1);
        Assert.All(Good, row => Assert.True(service.Deliveries[row] == 1 || unknown.Contains(row), $"Row {row} never arrived, and is not said to be unknown."));
        Assert.InRange(unknown.Count, 0, Kills * MaxConcurrency * BatchSize);
        Assert.Equal(Enumerable.Range(1, Rows).Where(row => IsBad(row) || unknown.Contains(row)), rejects.Select(r => r.Row).Order());
        Assert.All(rejects, r => Assert.Contains(r.ErrorId, (string[])["OutcomeUnknown", IsRagged(r.Row) ? "FieldCountMismatch" : "UpdateRejected"]));
    }

    /// <summary>The summary says what became of the rows, and so does the log of all runs.</summary>
    private static void AssertAccount(string account, PwshResult result) =>
        Assert.Equal($"{account}\nlog: {account}, 1 task, 1\n", result.Output);

    private static IEnumerable<int> Good => Enumerable.Range(1, Rows).Where(row => !IsBad(row));

    private static bool IsBad(int row) => IsRagged(row) || IsPoison(row);

    /// <summary>Whether the row has a field too many, which the client sees.</summary>
    private static bool IsRagged(int row) => row % 1_999 == 0;

    /// <summary>Whether the service refuses the row.</summary>
    private static bool IsPoison(int row) => row % 2_477 == 0;

    private async Task<(PwshResult Result, IReadOnlyList<(int Row, string ErrorId)> Rejects)> ImportAndKill(CountingService service, string operation)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "users.csv"), "distinct_id,n\n" + string.Concat(Enumerable.Range(1, Rows).Select(row => $"{row},{row}{(IsRagged(row) ? ",x" : "")}\n")));
        var script = Script(Import, "param($endpoint, $operation)");
        for (var kill = 1; kill <= Kills; kill++)
        {
            // On the average the kills share the first two thirds of the requests, so that there is always something left to kill.
            var request = 1 + _random.Next((Rows / BatchSize / (Kills + 1)) + 1);

            // Once as soon as there is a journal, before anything is sent.
            var isFirst = kill == 1;
            if (!isFirst)
                service.KillAt(request, replies: _random.Next(3) > 0, within: TimeSpan.FromMilliseconds(_random.Next(10)));
            using var process = StartPwsh("-File", script, service.Endpoint.ToString(), operation);
            if (isFirst)
                await KillOnceThereIsAJournal(process);
            else
                service.Victim.SetResult(process);
            var killed = Finish(process);
            Assert.True(isFirst || service.HasKilled, $"The import ended by itself: {killed.Output}{killed.Errors[..Math.Min(killed.Errors.Length, 2_000)]}");
            Assert.DoesNotContain("read", killed.Output, StringComparison.Ordinal);
            Tear("rejects.csv", "1999,1999,x,2000,\"Reported twice.\",FieldCountMismatch\n17,1");
            Tear("journal", "{\"row\":17,");
            Tear("log", "{\"time\":\"");
        }

        var result = Run("-File", script, service.Endpoint.ToString(), operation);
        Assert.True(File.Exists(Path.Combine(Folder, "rejects.csv")), result.Errors);
        var rejects = RejectedRow.ReadFile(Path.Combine(Folder, "rejects.csv"), "distinct_id,n");
        foreach (var reject in rejects)
        {
            var row = int.Parse(reject.Fields[0], CultureInfo.InvariantCulture);
            Assert.Equal(IsRagged(row) ? 3 : 2, reject.Fields.Length);
            Assert.Equal(reject.Fields[0], reject.Fields[1]);
            Assert.Equal(row + 1, reject.Line);
        }

        return (result, [.. rejects.Select(r => (int.Parse(r.Fields[0], CultureInfo.InvariantCulture), r.ErrorId))]);
    }

    /// <summary>Leaves what a kill between the writing of one file and of the other would, which chance hardly ever hits.</summary>
    private void Tear(string name, string text)
    {
        if (File.Exists(Path.Combine(Folder, name)))
            File.AppendAllText(Path.Combine(Folder, name), text);
    }

    private async Task KillOnceThereIsAJournal(Process process)
    {
        var watch = Stopwatch.StartNew();
        while (!File.Exists(Path.Combine(Folder, "journal")) && !process.HasExited && watch.Elapsed < Limit)
            await Task.Delay(1);
        await Task.Delay(_random.Next(20));
        process.Kill();
    }

    /// <summary>A service that counts how often each row was delivered, refuses poison, and kills its client.</summary>
    private sealed class CountingService : IAsyncDisposable
    {
        private readonly RawServer _server;
        private int _requestsLeft;
        private bool _replies;
        private TimeSpan _within;

        public CountingService() => _server = new(ServeAsync);

        public Uri Endpoint => _server.Endpoint;

        /// <summary>How often each row arrived, by its number.</summary>
        public int[] Deliveries { get; } = new int[Rows + 1];

        /// <summary>The client to kill.</summary>
        public TaskCompletionSource<Process> Victim { get; private set; } = new();

        public bool HasKilled { get; private set; }

        /// <summary>Kills the next client once so many requests have arrived.</summary>
        public void KillAt(int request, bool replies, TimeSpan within)
        {
            Victim = new(TaskCreationOptions.RunContinuationsAsynchronously);
            HasKilled = false;
            (_replies, _within) = (replies, within);
            Volatile.Write(ref _requestsLeft, request);
        }

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        private async Task ServeAsync(RawConnection connection)
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                var (updates, refused) = Receive(request.Body);
                var kills = Interlocked.Decrement(ref _requestsLeft) == 0;
                if (kills && !_replies)
                    await KillAsync();
                await connection.WriteAsync(Reply(updates, refused));
                if (kills && _replies)
                    await KillAsync();
            }
        }

        private async Task KillAsync()
        {
            var victim = await Victim.Task;
            await Task.Delay(_within);
            HasKilled = true;
            victim.Kill();
        }

        private static string Reply(int updates, List<int> refused) => refused.Count == 0
            ? RawServer.Reply("200 OK", """{"error":null,"status":1}""")
            : RawServer.Reply("400 Bad Request", JsonSerializer.Serialize(new
            {
                code = 400,
                error = "some data points in the request failed validation",
                failed_records = refused.Select(index => new { index, field = "$distinct_id", message = "poison" }),
                num_records_imported = updates - refused.Count,
                status = "Bad Request",
            }));

        private (int Updates, List<int> Refused) Receive(byte[] body)
        {
            var json = new Utf8JsonReader(body);
            var refused = new List<int>();
            var updates = 0;
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals("$distinct_id"u8))
                    continue;
                json.Read();
                var row = int.Parse(json.ValueSpan, CultureInfo.InvariantCulture);
                Interlocked.Increment(ref Deliveries[row]);
                if (IsPoison(row))
                    refused.Add(updates);
                updates++;
            }

            return (updates, refused);
        }
    }
}
