using System.IO.Hashing;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Sqlite;
using ProfilesModule.Wire;

namespace ProfilesModule.Core.Tests.Delivery.Sync;

/// <summary>
/// Any history of runs with a state: the state never says that the service has what it has not, and a run without failures leaves what one
/// without a state would.
/// </summary>
public sealed class SyncHistoryTests
{
    // Few profiles and few values, so that values return and profiles occur twice in a batch.
    private static readonly Gen<Row> Rows = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 2], (id, value) => new Row($"u{id}", value));

    private static readonly Gen<Run> Runs = Gen.Select(
        Rows.Array[0, 25],
        Gen.OneOfConst(Fate.Accept, Fate.Accept, Fate.Reject, Fate.RejectAll, Fate.LostBefore, Fate.LostBehind, Fate.KilledBefore, Fate.KilledBehind)
            .Array[0, 8],
        Gen.Bool,
        (rows, fates, goesOn) => new Run(rows, fates, goesOn));

    [Fact]
    public void A_state_claims_only_what_the_service_has_and_a_good_run_leaves_what_one_without_a_state_would() =>
        Runs.Array[1, 6].Sample(runs => new History().PlayAsync(runs).GetAwaiter().GetResult(), iter: 200, threads: 1);

    private enum Fate
    {
        Accept,
        Reject,
        RejectAll,
        LostBefore,
        LostBehind,
        KilledBefore,
        KilledBehind,
    }

    private sealed record Row(string Id, int Value);

    /// <summary>A run.</summary>
    /// <param name="Rows">Its input.</param>
    /// <param name="Fates">What becomes of its requests; those behind are accepted.</param>
    /// <param name="GoesOn">Whether it goes on behind a request that failed.</param>
    private sealed record Run(Row[] Rows, Fate[] Fates, bool GoesOn);

    private sealed class History : IEngageTransport
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("ProfilesModule").FullName;
        private readonly Dictionary<string, int> _service = [];
        private readonly object _lock = new();
        private string _path;
        private Queue<Fate> _fates = [];
        private string? _killed;
        private int _files;

        public History() => _path = Path.Combine(_folder, "0.db");

        public async Task PlayAsync(Run[] runs)
        {
            try
            {
                foreach (var run in runs)
                {
                    await PlayAsync(run);
                    await CheckClaimsAsync();
                }

                // The same input again, and nothing fails.
                var last = runs[^1] with { Fates = [] };
                var account = await PlayAsync(last);
                Assert.Equal(last.Rows.Length, account.Accepted + account.Unchanged);
                foreach (var row in last.Rows.GroupBy(row => row.Id, (_, rows) => rows.Last()))
                    Assert.Equal(row.Value, _service[row.Id]);
                var again = await PlayAsync(last);
                Assert.Equal(0, again.Accepted - last.Rows.GroupBy(r => r.Id).Where(g => g.Distinct().Count() > 1).Sum(g => g.Count(r => IsSentAgain(g, r))));
            }
            finally
            {
                Directory.Delete(_folder, recursive: true);
            }
        }

        public Task<Verdict> SendAsync(ReadOnlyMemory<byte> body, int updates, bool isRepeatable, CancellationToken cancellation)
        {
            lock (_lock)
                return Task.FromResult(Answer(JsonNode.Parse(body.Span)!.AsArray()));
        }

        private Verdict Answer(JsonArray records)
        {
            if (_killed is not null)
                return new(VerdictKind.Fatal, 401, "killed");
            var fate = _fates.TryDequeue(out var next) ? next : Fate.Accept;
            if (fate == Fate.KilledBefore)
                return Kill();
            if (fate is Fate.LostBefore)
                return new(VerdictKind.Transient, 500, "lost") { MayHaveBeenApplied = true };
            if (fate == Fate.RejectAll)
                return new(VerdictKind.NotApplied, 400, "refused");
            for (var i = fate == Fate.Reject ? 1 : 0; i < records.Count; i++)
                _service[(string)records[i]!["$distinct_id"]!] = (int)records[i]!["$set"]!["v"]!;
            return fate switch
            {
                Fate.Reject => new(VerdictKind.PartlyRejected, 400, "") { Failed = [new(0, "refused")], Rest = RestOfUpdates.Accepted },
                Fate.LostBehind => new(VerdictKind.Transient, 500, "lost") { MayHaveBeenApplied = true },
                Fate.KilledBehind => Kill(),
                _ => new(VerdictKind.Accepted, 200, ""),
            };
        }

        /// <summary>Keeps the file as a kill at this instant would leave it, and lets the rest of the run come to nothing.</summary>
        private Verdict Kill()
        {
            _killed = Path.Combine(_folder, $"{++_files}.db");
            File.Copy(_path, _killed);
            if (File.Exists(_path + "-wal"))
                File.Copy(_path + "-wal", _killed + "-wal");
            return new(VerdictKind.Fatal, 401, "killed");
        }

        private async Task<DeliveryAccount> PlayAsync(Run run)
        {
            (_fates, _killed) = (new(run.Fates), null);
            var trail = new DeliveryTrail { State = Open(writes: true) };
            var options = new DeliveryOptions
            {
                BatchSize = 4,
                MaxConcurrency = 2,
                MaximumRetryCount = 1,
                RetryInterval = TimeSpan.Zero,
                MaxFailure = run.GoesOn ? 1000 : null,
            };
            DeliveryAccount account;
            await using (var sender = new UpdateSender(this, options, new(), TimeProvider.System, trail))
            {
                using var writer = new UpdateWriter(sender, "token");
                await WriteAsync(writer, run.Rows);
                account = sender.Account;
                trail.Finish(account, sender.Stop, isComplete: sender.Stop is null);
            }

            if (_killed is not null)
                _path = _killed;
            return account;
        }

        private static async Task WriteAsync(UpdateWriter writer, Row[] rows)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                writer.NextRow(out _);
                writer.Begin(Encoding.UTF8.GetBytes(rows[i].Id), Operation.Set);
                writer.Json.WriteStartObject();
                writer.Json.WriteNumber("v", rows[i].Value);
                writer.Json.WriteEndObject();
                Assert.True(writer.TryEnd());
                writer.Commit(new(i + 1, i + 2, null));
                if (writer.HasFullBatch)
                    await writer.SendFullBatchAsync();
            }

            await writer.CompleteAsync();
        }

        /// <summary>Every value of every profile that the state would leave out is one that the service has.</summary>
        private async Task CheckClaimsAsync()
        {
            for (var value = 0; value < 3; value++)
            {
                Row[] rows = [.. Enumerable.Range(0, 8).Select(id => new Row($"u{id}", value))];
                var sent = new Accepting();
                await using var sender = new UpdateSender(sent, new(), new(), TimeProvider.System, new() { State = Open(writes: false) });
                using var writer = new UpdateWriter(sender, "token");
                await WriteAsync(writer, rows);
                Assert.All(
                    rows.Where(row => !sent.Ids.Contains(row.Id)),
                    row => Assert.Equal(row.Value, _service.TryGetValue(row.Id, out var has) ? has : -1));
            }
        }

        // A row of a profile with several values is sent unless it comes before all that differ from what the last run left.
        private static bool IsSentAgain(IEnumerable<Row> rows, Row row) => rows.SkipWhile(r => r == rows.Last()).Any(r => ReferenceEquals(r, row));

        private SyncState Open(bool writes)
        {
            var options = new SyncOptions { Path = _path, Open = (path, mode) => new SqliteSyncFile(path, mode), Hash = XxHash128.HashToUInt128 };
            var state = options.OpenState(new("http://localhost/", "token", "", new Dictionary<string, JsonNode?>()), writes);
            if (writes)
                state.Begin();
            return state;
        }
    }

    /// <summary>Accepts everything, and notes whose profiles it was about.</summary>
    private sealed class Accepting : IEngageTransport
    {
        public HashSet<string> Ids { get; } = [];

        public Task<Verdict> SendAsync(ReadOnlyMemory<byte> body, int updates, bool isRepeatable, CancellationToken cancellation)
        {
            Ids.UnionWith(JsonNode.Parse(body.Span)!.AsArray().Select(record => (string)record!["$distinct_id"]!));
            return Task.FromResult(new Verdict(VerdictKind.Accepted, 200, ""));
        }
    }
}
