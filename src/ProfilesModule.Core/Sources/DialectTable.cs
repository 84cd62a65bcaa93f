namespace ProfilesModule.Sources;

/// <summary>
/// How the files of each dialect are written. docs/dialects.md says what was chosen where they leave a choice, and where this is
/// documented.
/// </summary>
internal static class DialectTable
{
    // An escaped delimiter, line break or backslash stands for itself.
    private const string MySqlEscapes = "0\0b\bn\nr\rt\tZ\u001A";
    private const string CopyEscapes = "b\bf\fn\nr\rt\tv\v";

    private static readonly Dictionary<Dialect, CsvDialect> Forms = new()
    {
        [Dialect.Rfc4180] = new(),
        [Dialect.Excel] = new() { HasProtectedCells = true },
        [Dialect.MySql] = new()
        {
            Delimiter = '\t',
            Quoting = Quoting.Backslashes,
            Escapes = MySqlEscapes,
            NullTexts = ["NULL", @"\N"],
            TellsQuoted = true,
        },
        [Dialect.PostgreSqlCopy] = new()
        {
            Delimiter = '\t',
            Quoting = Quoting.Backslashes,
            Escapes = CopyEscapes,
            NullTexts = [@"\N"],
            TellsQuoted = true,
            EndMark = @"\.",
        },
        [Dialect.PostgreSqlCsv] = new() { TellsQuoted = true },
        [Dialect.Bcp] = new() { Delimiter = '\t', Quoting = Quoting.None },
        [Dialect.SqlCmd] = new() { Quoting = Quoting.None, NullTexts = ["NULL"], HasReportLines = true },
        [Dialect.Snowflake] = new() { NullTexts = [@"\N"], TellsQuoted = true },
        [Dialect.BigQuery] = new() { TellsQuoted = true },
    };

    /// <summary>How the files of a dialect are written.</summary>
    public static CsvDialect Of(Dialect name) => Forms[name];
}

/// <summary>The dialects that explain why a row cannot be read.</summary>
internal static class LikelyDialects
{
    private const string Otherwise = "Otherwise, double every quote inside a field and enclose the field in quotes.";

    /// <summary>What to do if the row is written in another dialect; null when no dialect explains it.</summary>
    /// <param name="record">The row, as it is in the file.</param>
    /// <param name="dialect">How it was read.</param>
    public static string? Of(ReadOnlySpan<byte> record, CsvDialect dialect)
    {
        if (dialect.Quoting != Quoting.Quotes)
            return null;
        if (!dialect.HasProtectedCells && record.IndexOf("=\""u8) >= 0)
            return "Use -Dialect Excel: =\"00123\" protects a text against spreadsheets.";
        if (dialect.Delimiter is not ('\t' or '|'))
            return null;
        return record.Contains((byte)'\\')
            ? $"If MySQL or PostgreSQL wrote the file, use -Dialect MySql or -Dialect PostgreSqlCopy. {Otherwise}"
            : $"If the program that wrote the file does not enclose fields in quotes, use -Dialect Bcp. {Otherwise}";
    }
}
