using System.Text;
using CsvHelper;
using ProfilesModule.Export;
using ProfilesModule.Sources;

namespace ProfilesModule.Csv;

/// <summary>One CSV file being written.</summary>
internal sealed class CsvOutput : ICsvWriter
{
    private readonly CsvWriter _writer;

    public CsvOutput(Stream stream, CsvDialect dialect)
    {
        // CsvHelper writes UTF-8 itself; any other encoding is the work of a text writer.
        var options = new CsvWriterOptions { Separator = dialect.Delimiter, WriteByteOrderMark = dialect.Encoding is UTF8Encoding { Preamble.Length: > 0 } };
        _writer = dialect.Encoding is null or UTF8Encoding
            ? CsvWriter.Create(stream, options, leaveOpen: true)
            : CsvWriter.Create(new StreamWriter(stream, dialect.Encoding, leaveOpen: true), options);
    }

    public void WriteField(ReadOnlySpan<byte> value) => _writer.WriteField(value);

    public void EndRecord() => _writer.EndRecord();

    public void Flush() => _writer.Flush();

    public void Dispose() => _writer.Dispose();
}
