namespace ProfilesModule.Sources;

/// <summary>Opens the CSV files of an import, reject files of earlier imports among them.</summary>
public static class CsvImport
{
    /// <summary>Opens a file and reads its header. A reject file has one, in its first line, whatever the dialect says.</summary>
    /// <param name="csv">What reads CSV.</param>
    /// <param name="path">The file.</param>
    /// <param name="dialect">How it is written.</param>
    /// <exception cref="InvalidDataException">The file has no readable header.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ICsvReader Open(ICsvFormat csv, string path, CsvDialect dialect)
    {
        var ownHeader = dialect with { Header = null, SkipRows = 0 };
        var reader = csv.Open(path, dialect != ownHeader && IsRejectFile(csv, path, ownHeader) ? ownHeader : dialect);
        return RejectReader.Reads(reader.Header) ? new RejectReader(reader, dialect.Delimiter) : reader;
    }

    /// <summary>Whether a file is the reject file of an earlier import.</summary>
    /// <param name="reader">The file, as <see cref="Open"/> opened it.</param>
    public static bool IsRejectFile(ICsvReader reader) => reader is RejectReader;

    private static bool IsRejectFile(ICsvFormat csv, string path, CsvDialect dialect)
    {
        try
        {
            using var reader = csv.Open(path, dialect);
            return RejectReader.Reads(reader.Header);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
