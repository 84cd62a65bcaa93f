namespace ProfilesModule.Sources;

/// <summary>What is known of a dialect.</summary>
/// <param name="Name">The dialect.</param>
/// <param name="Form">How its files are written.</param>
/// <param name="Choice">What was chosen where its files leave a choice, and why; empty for nothing.</param>
/// <param name="Source">Where this is documented.</param>
internal sealed record DialectRow(Dialect Name, CsvDialect Form, string Choice, string Source);

/// <summary>Every dialect. docs/dialects.md is generated from it.</summary>
internal static class DialectTable
{
    // An escaped delimiter, line break or backslash stands for itself.
    private const string MySqlEscapes = "0\0b\bn\nr\rt\tZ\u001A";
    private const string CopyEscapes = "b\bf\fn\nr\rt\tv\v";

    private static readonly DialectRow[] Rows =
    [
        new(Dialect.Rfc4180, new(), "", "RFC 4180"),
        new(
            Dialect.Excel,
            new() { HasProtectedCells = true },
            "A comma, although Excel writes a semicolon where the comma is the decimal sign: the file does not say where it was "
                + "written. No encoding: Excel writes both UTF-8 and that of the country.",
            "support.microsoft.com: Import or export text (.txt or .csv) files; OWASP: CSV Injection"),
        new(
            Dialect.MySql,
            new() { Delimiter = '\t', Quoting = Quoting.Backslashes, Escapes = MySqlEscapes, NullTexts = ["NULL", @"\N"],
                TellsQuoted = true },
            "NULL stands for a missing value, because mysql --batch writes it; SELECT INTO OUTFILE writes \\N.",
            "MySQL Reference Manual: mysql Client Options (--batch), SELECT ... INTO, LOAD DATA"),
        new(
            Dialect.PostgreSqlCopy,
            new() { Delimiter = '\t', Quoting = Quoting.Backslashes, Escapes = CopyEscapes, NullTexts = [@"\N"], TellsQuoted = true,
                EndMark = @"\." },
            "An empty cell is empty: only a cell in quotes says that its text is empty on purpose. Octal and hexadecimal escapes are "
                + "not read, because COPY TO does not write them.",
            "PostgreSQL documentation: COPY, Text Format"),
        new(
            Dialect.PostgreSqlCsv,
            new() { TellsQuoted = true },
            "",
            "PostgreSQL documentation: COPY, CSV Format"),
        new(
            Dialect.Bcp,
            new() { Delimiter = '\t', Quoting = Quoting.None },
            "No encoding: bcp -c writes that of the machine, -w UTF-16, -C 65001 UTF-8.",
            "Microsoft Learn: bcp utility; Keep nulls or default values during bulk import"),
        new(
            Dialect.SqlCmd,
            new() { Quoting = Quoting.None, NullTexts = ["NULL"], HasReportLines = true },
            "A comma, as in -s\",\": the default is columns of a fixed width, which are not read. Use -W, which removes trailing spaces.",
            "Microsoft Learn: sqlcmd utility"),
        new(
            Dialect.Snowflake,
            new() { NullTexts = [@"\N"], TellsQuoted = true },
            "FIELD_OPTIONALLY_ENCLOSED_BY = '\"', which its guide recommends: without it, nothing tells an empty text from no value.",
            "Snowflake documentation: Data unloading considerations; COPY INTO <location>"),
        new(
            Dialect.BigQuery,
            new() { TellsQuoted = true },
            "",
            "Google Cloud documentation: BigQuery, Export table data; CsvOptions.nullMarker"),
    ];

    /// <summary>All dialects, in the order in which they are documented.</summary>
    public static IReadOnlyList<DialectRow> All => Rows;

    /// <summary>How the files of a dialect are written.</summary>
    public static CsvDialect Of(Dialect name) => Rows[(int)name].Form;
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
