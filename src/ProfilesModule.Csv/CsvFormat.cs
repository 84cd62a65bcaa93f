using CsvHelper;
using ProfilesModule.Sources;

namespace ProfilesModule.Csv;

/// <summary>Reads CSV with CsvHelper.</summary>
public sealed class CsvFormat : ICsvFormat
{
    /// <inheritdoc/>
    public ICsvReader Open(string path, CsvDialect dialect) => new CsvFile(path, dialect);

    /// <inheritdoc/>
    public IReadOnlyList<string> Split(ReadOnlyMemory<byte> rawRecord, CsvDialect dialect)
    {
        using var reader = CsvReader.Create(rawRecord, CsvFile.Options(dialect) with { HasHeader = false, Encoding = null, TrackLineNumbers = false });
        return reader.Read() ? reader.Current.ToArray() : [];
    }
}
