using BenchmarkDotNet.Attributes;
using ProfilesModule.Csv;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Benchmarks;

/// <summary>A file: its records read (CsvFile), and made updates of (CsvUpdates) for a service that costs nothing. Each figure is of one row.</summary>
public class CsvBenchmarks
{
    private const int Rows = 100_000;

    private readonly string _path = Path.GetTempFileName();

    [GlobalSetup]
    public void Setup() => File.WriteAllText(_path, Sample.Csv(Rows));

    [GlobalCleanup]
    public void Cleanup() => File.Delete(_path);

    [Benchmark(OperationsPerInvoke = Rows)]
    public long Records()
    {
        using var reader = new CsvFormat().Open(_path, new());
        var bytes = 0L;
        while (reader.Read())
        {
            for (var i = 0; i < reader.FieldCount; i++)
                bytes += reader.Field(i).Length;
        }

        return bytes;
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public Task Updates_of_text() => UpdatesAsync(new());

    [Benchmark(OperationsPerInvoke = Rows)]
    public Task Updates_with_types() => UpdatesAsync(new() { Types = Sample.Types });

    private async Task UpdatesAsync(ColumnOptions columns)
    {
        await using var sender = new UpdateSender(new DiscardingTransport(), new() { BatchSize = 2000 }, new(), TimeProvider.System);
        using var writer = new UpdateWriter(sender, "token");
        using var rows = DialectRows.Open(dialect => new CsvFormat().Open(_path, dialect), new());
        rows.Plan = ColumnPlan.Create(rows.Header, 0, columns);
        var updates = new FileUpdates(new CsvSourceFile(rows, new(_path, null!, new(), rows.Header), new(), null!), Operation.Set, writer, new(new()))
        {
            IsStopped = () => sender.IsEnding,
        };
        await updates.WriteAllAsync(default);
        await writer.FlushAsync();
        await sender.CompleteAsync();
    }
}
