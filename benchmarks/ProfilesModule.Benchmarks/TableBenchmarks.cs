using System.Text;
using BenchmarkDotNet.Attributes;
using ProfilesModule.Server.Storage;
using ProfilesModule.Sqlite;

namespace ProfilesModule.Benchmarks;

/// <summary>What the table of the Users page asks of an SQLite file with a million profiles. Each figure is of one table of 50 rows.</summary>
public class TableBenchmarks
{
    private const int Profiles = 1_000_000;
    private const int Rows = 50;

    private readonly string _folder = Directory.CreateTempSubdirectory("profiles-table-").FullName;
    private SqliteProfileStore _store = null!;

    [GlobalSetup]
    public void Setup()
    {
        _store = new(Path.Combine(_folder, "profiles.db"));
        for (var first = 0; first < Profiles; first += 10_000)
            Add(first, 10_000);
        _store.PrepareSelections();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public int First_table() => Read(new());

    [Benchmark]
    public long Count() => Count(new());

    /// <summary>A text that one profile has, so that all are searched.</summary>
    [Benchmark]
    public int Search() => Read(new() { Text = "U777777@" });

    [Benchmark]
    public long Count_of_search() => Count(new() { Text = "U777777@" });

    [Benchmark]
    public int Sort_by_time() => Read(new() { SortBy = "$last_seen", Descending = true });

    [Benchmark]
    public int Sort_by_name() => Read(new() { SortBy = "$name" });

    /// <summary>A property that the index does not have.</summary>
    [Benchmark]
    public int Sort_by_number() => Read(new() { SortBy = "seats" });

    private int Read(ProfileSelection selection)
    {
        using var snapshot = _store.OpenSnapshot();
        return snapshot.Read(selection, 0, Rows).Count();
    }

    private long Count(ProfileSelection selection)
    {
        using var snapshot = _store.OpenSnapshot();
        return snapshot.Count(selection);
    }

    private void Add(int first, int count) => _store.Write(transaction =>
    {
        for (var i = first; i < first + count; i++)
        {
            // A step that has no divisor in common with the number of profiles, so that names and times are not in order.
            var number = (int)(i * 7919L % Profiles);
            var json = $$"""
                {"$name":"First{{number % 5000}} Last{{number % 7001}}","$email":"u{{number}}@example.com","plan":"pro","seats":{{number % 97}},
                "note":"{{new string('x', 120)}}","$last_seen":"2026-{{1 + (number % 12):00}}-{{1 + (number % 28):00}}T12:{{number % 60:00}}:00"}
                """;
            transaction.TryAdd(new(ProfileKey.Users, $"user-{number:D8}"), new(0, Encoding.UTF8.GetBytes(json)));
        }
    });
}
