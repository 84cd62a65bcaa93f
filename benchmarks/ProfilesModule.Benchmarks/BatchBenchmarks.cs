using System.Text;
using BenchmarkDotNet.Attributes;
using ProfilesModule.Delivery;
using ProfilesModule.Model;

namespace ProfilesModule.Benchmarks;

/// <summary>What it costs to collect updates in batches, to keep those of one profile apart and to count them: the smallest update there is. Each figure is of one update.</summary>
public class BatchBenchmarks
{
    private const int Updates = 100_000;

    private readonly byte[][] _ids = [.. Enumerable.Range(0, Updates).Select(row => Encoding.UTF8.GetBytes(Sample.Id(row)))];

    [Params(200, 2000)]
    public int BatchSize { get; set; }

    [Benchmark(OperationsPerInvoke = Updates)]
    public async Task<long> Batches()
    {
        await using var sender = new UpdateSender(new DiscardingTransport(), new() { BatchSize = BatchSize }, new(), TimeProvider.System);
        using var writer = new UpdateWriter(sender, "token");
        for (var row = 0; row < Updates; row++)
        {
            writer.NextRow(out _);
            writer.Begin(_ids[row], Operation.Delete);
            writer.Json.WriteStringValue("");
            writer.TryEnd();
            writer.Commit(new(row, row + 1, null));
            if (writer.HasFullBatch)
                await writer.SendFullBatchAsync();
        }

        await writer.FlushAsync();
        await sender.CompleteAsync();
        return sender.Account.Accepted;
    }
}
