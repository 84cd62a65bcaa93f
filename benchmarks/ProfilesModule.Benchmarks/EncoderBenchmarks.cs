using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Wire;

namespace ProfilesModule.Benchmarks;

/// <summary>A row as JSON: the cells of a record (RowWriter), and the record around them in its batch (UpdateWriter). Each figure is of one row.</summary>
public class EncoderBenchmarks
{
    private const int Rows = 10_000;

    private readonly Record _record = new(Sample.Row(1));
    private readonly GrowingBuffer _body = new(1 << 16);
    private readonly byte[][] _ids = [.. Enumerable.Range(0, Rows).Select(row => Encoding.UTF8.GetBytes(Sample.Id(row)))];
    private readonly RowWriter _text = new(ColumnPlan.Create(Sample.Header, 0, new()), Operation.Set);
    private readonly RowWriter _typed = new(ColumnPlan.Create(Sample.Header, 0, new() { Types = Sample.Types }), Operation.Set);
    private Utf8JsonWriter _json = null!;

    [GlobalSetup]
    public void Setup() => _json = new(_body, EngageJson.Options);

    [GlobalCleanup]
    public void Cleanup() => _json.Dispose();

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Cells_as_text() => Write(_text);

    [Benchmark(OperationsPerInvoke = Rows)]
    public void Cells_with_types() => Write(_typed);

    [Benchmark(OperationsPerInvoke = Rows)]
    public async Task Updates_with_types()
    {
        await using var sender = new UpdateSender(new DiscardingTransport(), new() { BatchSize = 2000 }, new(), TimeProvider.System);
        using var writer = new UpdateWriter(sender, "token");
        for (var row = 0; row < Rows; row++)
        {
            writer.NextRow(out _);
            writer.Begin(_ids[row], Operation.Set);
            _typed.Write(writer.Json, _record);
            writer.TryEnd();
            writer.Commit(new(row, row + 1, null));
            if (writer.HasFullBatch)
                await writer.SendFullBatchAsync();
        }

        await writer.FlushAsync();
        await sender.CompleteAsync();
    }

    private void Write(RowWriter writer)
    {
        for (var row = 0; row < Rows; row++)
        {
            _body.CutTo(0);
            _json.Reset(_body);
            writer.Write(_json, _record);
            _json.Flush();
        }
    }

    /// <summary>A record that is in memory already.</summary>
    private sealed class Record(string[] cells) : ICsvReader
    {
        private readonly byte[][] _cells = [.. cells.Select(Encoding.UTF8.GetBytes)];

        public IReadOnlyList<string> Header => Sample.Header;

        public long LineNumber => 1;

        public long Position => 0;

        public int FieldCount => _cells.Length;

        public ReadOnlySpan<byte> RawRecord => default;

        public string? QuoteProblem => null;

        public bool IsText => true;

        public bool Read() => true;

        public ReadOnlySpan<byte> Field(int index) => _cells[index];

        public void Dispose()
        {
        }
    }
}
