using System.Globalization;
using System.Text.Json;
using ProfilesModule.Tests.Hosting;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace ProfilesModule.Tests.Delivery.Chaos;

/// <summary>
/// Random inputs that change from import to import, against a service that fails at random, with a state. Settings are those of
/// <see cref="ChaosTests"/>.
/// </summary>
public sealed class StateChaosTests(ITestOutputHelper output)
{
    private static readonly int Runs = Setting("PROFILES_CHAOS_RUNS") ?? 40;
    private static readonly int FirstSeed = Setting("PROFILES_CHAOS_SEED") ?? Random.Shared.Next(1_000_000_000);

    [Fact]
    public void Whatever_fails_the_state_says_only_what_the_service_has_and_in_the_end_nothing_is_missing()
    {
        output.WriteLine($"Seeds {FirstSeed} to {FirstSeed + Runs - 1}.");
        using var session = new ModuleSession();
        for (var seed = FirstSeed; seed < FirstSeed + Runs; seed++)
        {
            try
            {
                using var run = new StateChaosRun(session, new Random(seed));
                run.Check();
            }
            catch (Exception e)
            {
                throw new XunitException($"PROFILES_CHAOS_SEED={seed}: {e.Message}", e);
            }
        }
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private sealed class StateChaosRun : IDisposable
    {
        private const int Values = 3;

        private readonly ModuleSession _session;
        private readonly Random _random;
        private readonly RecordingService _service = new();
        private readonly TemporaryFolder _folder = new();
        private readonly Dictionary<string, string> _profiles = [];
        private readonly object _lock = new();
        private readonly int _ids;
        private double _faults;

        public StateChaosRun(ModuleSession session, Random random)
        {
            (_session, _random) = (session, random);
            int[] ids = [1, 3, 50, 400];
            _ids = ids[random.Next(ids.Length)];
            _service.Answer = (_, records) => Task.FromResult<(int, string)?>(Answer(records));
            session.Run("Connect-UserProfileService -Token t -Endpoint $endpoint", new { endpoint = _service.Endpoint }).Succeeded();
        }

        public void Check()
        {
            (string Id, int Value)[] rows = [];
            for (var import = _random.Next(2, 5); import > 0; import--)
            {
                rows = [.. Enumerable.Range(0, _random.Next(1, 600)).Select(_ => ($"u{_random.Next(_ids)}", _random.Next(Values)))];
                _faults = _random.Next(3) * 0.2;
                CheckAccount(Import(rows, RandomParameters()), rows.Length);
                CheckClaims();
            }

            _faults = 0;
            var result = Import(rows, "");
            CheckAccount(result, rows.Length);
            Assert.Equal(0, result.Value("ExitCode"));
            var last = rows.GroupBy(row => row.Id).ToDictionary(group => group.Key, group => group.Last().Value.ToString(CultureInfo.InvariantCulture));
            Assert.All(last, profile => Assert.Equal(profile.Value, _profiles[profile.Key]));
            var again = Import([.. last.Select(profile => (profile.Key, int.Parse(profile.Value, CultureInfo.InvariantCulture)))], "");
            Assert.Equal((long)last.Count, again.Value("Unchanged"));
        }

        public void Dispose()
        {
            _service.Dispose();
            _folder.Dispose();
        }

        private static void CheckAccount(ScriptResult result, int rows)
        {
            long Count(string name) => (long)result.Value(name)!;
            Assert.Equal(Count("Read"), Count("Accepted") + Count("Unchanged") + Count("Rejected") + Count("Skipped") + Count("Unknown") + Count("Unsent"));
            Assert.InRange(Count("Read"), 0, rows);
            if ((int)result.Value("ExitCode")! < 2)
                Assert.Equal(rows, Count("Read"));
        }

        /// <summary>No value is left out that the service does not have.</summary>
        private void CheckClaims()
        {
            _faults = 0;
            for (var other = 1; other < Values; other++)
            {
                var rows = _profiles.Where(profile => profile.Key.StartsWith('u'))
                    .Select(profile => (profile.Key, (int.Parse(profile.Value, CultureInfo.InvariantCulture) + other) % Values))
                    .ToArray();
                if (rows.Length > 0)
                    Assert.Equal(0L, Import(rows, "-WhatIf").Value("Unchanged"));
            }
        }

        private ScriptResult Import(IEnumerable<(string Id, int Value)> rows, string parameters)
        {
            _folder.Write("a.csv", "distinct_id,v\n" + string.Concat(rows.Select(row => $"{row.Id},{row.Value}\n")));
            return _session.Run(
                $"Import-UserProfileCsv $file -StatePath $state -RetryIntervalSec 0 -ErrorAction SilentlyContinue -WarningAction Ignore {parameters}",
                new { file = _folder.File("a.csv"), state = _folder.File("s.db") });
        }

        private string RandomParameters()
        {
            string[] full = ["", "", "", "-Full"];
            string[] failures = ["", "-MaxFailure 1000"];
            string[] retries = ["-MaximumRetryCount 0", "-MaximumRetryCount 2"];
            return $"-BatchSize {_random.Next(1, 60)} -MaxConcurrency {_random.Next(1, 5)} {full[_random.Next(full.Length)]} "
                + $"{failures[_random.Next(failures.Length)]} {retries[_random.Next(retries.Length)]}";
        }

        private (int, string) Answer(JsonElement[] records)
        {
            if (records.Length == 0)
                return (404, "{}");
            lock (_lock)
            {
                var fault = _random.NextDouble() < _faults ? _random.Next(4) : -1;
                if (fault == 0)
                    return (500, "{}");
                if (fault == 1)
                    return (200, "{\"status\":0,\"error\":\"refused\"}");
                foreach (var record in records)
                {
                    if (record.TryGetProperty("$set", out var properties) && properties.TryGetProperty("v", out var value))
                        _profiles[record.GetProperty("$distinct_id").GetString()!] = value.GetString()!;
                }

                // It arrives, and the reply is lost: once with a status, once with the connection.
                return fault == 2 ? (503, "{}") : fault == 3 ? (0, "") : (200, "{\"status\":1,\"error\":null}");
            }
        }
    }
}
