using System.Text;
using CsvHelper;
using ProfilesModule.Sources;
using ProfilesModule.Wire;
using ZstdSharp;

namespace ProfilesModule.Csv;

/// <summary>Reads and writes CSV with CsvHelper.</summary>
internal sealed class CsvFormat : ICsvFormat
{
    public ICsvReader Open(string path, CsvDialect dialect) =>
        Open(new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 }), dialect);

    public ICsvReader Open(Stream input, CsvDialect dialect) => new CsvFile(input, dialect);

    public Stream Decompressed(Stream zstandard) => new ZstandardInput(zstandard);

    public ICsvWriter Create(Stream stream, CsvDialect dialect) => new CsvOutput(stream, dialect);

    public IReadOnlyList<string> Split(ReadOnlyMemory<byte> rawRecord, CsvDialect dialect)
    {
        // Behind a byte order mark of UTF-8 nothing of the record can be taken for one.
        byte[] record = [0xEF, 0xBB, 0xBF, .. rawRecord.Span];
        using var reader = CsvReader.Create(
            record, CsvFile.Options(dialect.OfRejectFile) with { HasHeader = false, Encoding = null, TrackLineNumbers = false });
        return reader.Read() ? reader.Current.ToArray() : [];
    }
}

/// <summary>One CSV file being written.</summary>
internal sealed class CsvOutput : ICsvWriter
{
    private readonly CsvWriter _writer;

    public CsvOutput(Stream stream, CsvDialect dialect)
    {
        // CsvHelper writes UTF-8 itself; any other encoding is the work of a text writer.
        var options = new CsvWriterOptions
        {
            Separator = dialect.Delimiter,
            WriteByteOrderMark = dialect.Encoding is UTF8Encoding { Preamble.Length: > 0 },
        };
        _writer = dialect.Encoding is null or UTF8Encoding
            ? CsvWriter.Create(stream, options, leaveOpen: true)
            : CsvWriter.Create(new StreamWriter(stream, dialect.Encoding, leaveOpen: true), options);
    }

    public void WriteField(ReadOnlySpan<byte> value) => _writer.WriteField(value);

    public void EndRecord() => _writer.EndRecord();

    public void Flush() => _writer.Flush();

    public void Dispose() => _writer.Dispose();
}

/// <summary>What is compressed with Zstandard, all its frames one after the other.</summary>
/// <param name="input">The input, which is disposed of with this.</param>
internal sealed class ZstandardInput(Stream input) : ForwardStream
{
    private readonly DecompressionStream _content = new(input, leaveOpen: false);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _content.Read(buffer);
        }
        catch (Exception e) when (e is ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException($"its Zstandard data is cut off or damaged: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    protected override IDisposable Inner => _content;
}
