namespace ProfilesModule.Sources;

/// <summary>Opens the CSV files of an import, reject files of earlier imports among them.</summary>
internal static class CsvImport
{
    /// <summary>Opens a file and reads its header. A reject file has one, in its first line, whatever the dialect says.</summary>
    /// <param name="csv">What reads CSV.</param>
    /// <param name="path">The file.</param>
    /// <param name="dialect">How it is written.</param>
    /// <exception cref="InvalidDataException">The file has no readable header.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ICsvReader Open(ICsvFormat csv, string path, CsvDialect dialect) => Open(d => csv.Open(path, d), dialect);

    /// <summary>The same of input that is not a file.</summary>
    /// <param name="csv">What reads CSV.</param>
    /// <param name="input">Opens the input from its start.</param>
    /// <param name="dialect">How it is written.</param>
    /// <exception cref="InvalidDataException">The input has no readable header.</exception>
    /// <exception cref="IOException">The input cannot be read.</exception>
    public static ICsvReader Open(ICsvFormat csv, Func<Stream> input, CsvDialect dialect) => Open(d => csv.Open(input(), d), dialect);

    /// <summary>Whether a file is the reject file of an earlier import.</summary>
    /// <param name="reader">The file, as <see cref="Open(ICsvFormat, string, CsvDialect)"/> opened it.</param>
    public static bool IsRejectFile(ICsvReader reader) => reader is RejectReader;

    private static ICsvReader Open(Func<CsvDialect, ICsvReader> open, CsvDialect dialect)
    {
        var ownHeader = dialect with { Header = null, SkipRows = 0 };
        var reader = open(dialect != ownHeader && IsRejectFile(open, ownHeader) ? ownHeader : dialect);
        return RejectReader.Reads(reader.Header) ? new RejectReader(reader, dialect.Delimiter) : reader;
    }

    private static bool IsRejectFile(Func<CsvDialect, ICsvReader> open, CsvDialect dialect)
    {
        try
        {
            using var reader = open(dialect);
            return RejectReader.Reads(reader.Header);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
