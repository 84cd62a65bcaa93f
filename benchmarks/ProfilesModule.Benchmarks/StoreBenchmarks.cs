using BenchmarkDotNet.Attributes;
using ProfilesModule.Server.Storage;
using ProfilesModule.Sqlite;

namespace ProfilesModule.Benchmarks;

/// <summary>Where the embedded service keeps profiles, in memory and in an SQLite file, with 100,000 of them. Each figure is of one profile.</summary>
public class StoreBenchmarks
{
    private const int Profiles = 100_000;
    private const int Batch = 2000;

    private readonly byte[] _properties = Sample.Stored(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("profiles-store-").FullName;
    private IProfileStore _store = null!;
    private int _next = Profiles;

    [Params("memory", "SQLite")]
    public string Store { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _store = Store == "memory" ? new MemoryProfileStore() : new SqliteProfileStore(Path.Combine(_folder, "profiles.db"));
        for (var first = 0; first < Profiles; first += Batch)
            Add(first);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Add_and_remove()
    {
        Add(_next);
        _store.Write(transaction =>
        {
            for (var i = 0; i < Batch; i++)
                transaction.Delete(new(ProfileKey.Users, Sample.Id(_next + i)));
        });
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void Find_and_replace() => _store.Write(transaction =>
    {
        for (var i = 0; i < Batch; i++)
        {
            // A step that has no divisor in common with the number of profiles, so that they are not in order.
            var key = new ProfileKey(ProfileKey.Users, Sample.Id((_next += 7919) % Profiles));
            if (transaction.Find(key) is { } state)
                transaction.Replace(key, state with { Properties = _properties });
        }
    });

    [Benchmark(OperationsPerInvoke = Profiles)]
    public long Read_all()
    {
        using var snapshot = _store.OpenSnapshot();
        return snapshot.ReadFrom(ProfileKey.Users, 0).Sum(profile => (long)profile.Properties.Length);
    }

    private void Add(int first) => _store.Write(transaction =>
    {
        for (var i = 0; i < Batch; i++)
            transaction.TryAdd(new(ProfileKey.Users, Sample.Id(first + i)), new(0, _properties));
    });
}
