using CsvHelper;
using ProfilesModule.Export;
using ProfilesModule.Sources;

namespace ProfilesModule.Csv;

/// <summary>Reads and writes CSV with CsvHelper.</summary>
internal sealed class CsvFormat : ICsvFormat
{
    /// <inheritdoc/>
    public ICsvReader Open(string path, CsvDialect dialect) =>
        Open(new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan, BufferSize = 0 }), dialect);

    /// <inheritdoc/>
    public ICsvReader Open(Stream input, CsvDialect dialect) => new CsvFile(input, dialect);

    /// <inheritdoc/>
    public ICsvWriter Create(Stream stream, CsvDialect dialect) => new CsvOutput(stream, dialect);

    /// <inheritdoc/>
    public IReadOnlyList<string> Split(ReadOnlyMemory<byte> rawRecord, CsvDialect dialect)
    {
        // Behind a byte order mark of UTF-8 nothing of the record can be taken for one.
        byte[] record = [0xEF, 0xBB, 0xBF, .. rawRecord.Span];
        using var reader = CsvReader.Create(record, CsvFile.Options(dialect) with { HasHeader = false, Encoding = null, TrackLineNumbers = false });
        return reader.Read() ? reader.Current.ToArray() : [];
    }
}
