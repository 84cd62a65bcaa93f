using ProfilesModule.Sources.Input;

namespace ProfilesModule.Sources;

/// <summary>Opens CSV files so that their rows are read as their dialect writes them, or as a reject file does.</summary>
internal static class DialectRows
{
    /// <summary>Opens a file. A reject file has its header in its first line, whatever the dialect says.</summary>
    /// <exception cref="InvalidDataException">The file has no readable header.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CsvRows Open(Func<CsvDialect, ICsvReader> open, CsvDialect dialect)
    {
        var ofRejects = dialect.OfRejectFile;
        var form = dialect != ofRejects && IsRejectFile() ? ofRejects : dialect;
        return new(Decoded(open(form), form), form);

        bool IsRejectFile()
        {
            try
            {
                using var reader = open(ofRejects);
                return CsvRejectReader.HasHeader(reader.Header);
            }
            catch (Exception e) when (e is InvalidDataException or WrongFormatException)
            {
                return false;
            }
        }
    }

    private static ICsvReader Decoded(ICsvReader file, CsvDialect dialect)
    {
        if (dialect.Quoting != Quoting.Quotes)
            return new UnquotedRows(file, dialect);

        // Each row of a reject file was written as one, and may be damaged.
        var rows = CsvRejectReader.HasHeader(file.Header) ? file : new RecoveredRows(file, dialect);
        return dialect.HasProtectedCells ? new ProtectedRows(rows, dialect.QuoteMode == QuoteMode.Lenient) : rows;
    }
}
