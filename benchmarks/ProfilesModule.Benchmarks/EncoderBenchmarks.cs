using System.Text;
using BenchmarkDotNet.Attributes;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Benchmarks;

/// <summary>A row as JSON, held to the rules: the cells of a record (RowWriter), and the record in its batch (UpdateWriter). Each figure is of one row.</summary>
public class EncoderBenchmarks
{
    private const int Rows = 10_000;

    private readonly byte[][] _ids = [.. Enumerable.Range(0, Rows).Select(row => Encoding.UTF8.GetBytes(Sample.Id(row)))];
    private RowWriter _text = null!;
    private RowWriter _typed = null!;
    private UpdateSender _sender = null!;
    private UpdateWriter _writer = null!;

    [GlobalSetup]
    public void Setup()
    {
        _text = Writer(new());
        _typed = Writer(new() { Types = Sample.Types });
        _sender = new(new DiscardingTransport(), new(), new(), TimeProvider.System);
        _writer = new(_sender, "token");
    }

    [GlobalCleanup]
    public async Task Cleanup()
    {
        _writer.Dispose();
        await _sender.DisposeAsync();
    }

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
            _typed.Write(writer);
            writer.TryEnd();
            writer.Commit(new(row, row + 1, null));
            if (writer.HasFullBatch)
                await writer.SendFullBatchAsync();
        }

        await writer.FlushAsync();
        await sender.CompleteAsync();
    }

    private static RowWriter Writer(ColumnOptions options) =>
        new(new CsvRows(new Record(Sample.Row(1)), new CsvDialect()) { Plan = ColumnPlan.Create(Sample.Header, 0, options) }, Operation.Set, new(new()));

    private void Write(RowWriter writer)
    {
        for (var row = 0; row < Rows; row++)
        {
            _writer.Begin(_ids[row], Operation.Set);
            writer.Write(_writer);
            _writer.TryEnd();
            _writer.Abandon();
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

        public bool IsQuoted(int index) => false;

        public void Dispose()
        {
        }
    }
}
