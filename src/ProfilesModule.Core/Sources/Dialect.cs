using System.Text;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Sources;

/// <summary>The program that wrote a file. Each writes fields, quotes and missing values in its own way (docs/dialects.md).</summary>
public enum Dialect
{
    /// <summary>No program in particular: RFC 4180.</summary>
    Rfc4180,

    /// <summary>A spreadsheet: ="00123" and '00123 are texts that it must not convert.</summary>
    Excel,

    /// <summary>mysql --batch, mysqldump --tab, SELECT INTO OUTFILE.</summary>
    MySql,

    /// <summary>COPY TO of PostgreSQL in its text format.</summary>
    PostgreSqlCopy,

    /// <summary>COPY TO of PostgreSQL with FORMAT csv.</summary>
    PostgreSqlCsv,

    /// <summary>bcp out -c or -w of SQL Server.</summary>
    Bcp,

    /// <summary>sqlcmd -s -W of SQL Server.</summary>
    SqlCmd,

    /// <summary>COPY INTO of Snowflake with quotes around texts.</summary>
    Snowflake,

    /// <summary>An export of BigQuery.</summary>
    BigQuery,
}

/// <summary>What becomes of a row in which a quote stands inside a field that does not begin with one.</summary>
public enum QuoteMode
{
    /// <summary>The row is refused: such a quote may be all that is left of a field that was enclosed in them.</summary>
    Strict,

    /// <summary>The quote is a part of the text, as in 5'11".</summary>
    Lenient,
}

/// <summary>What becomes of a file in which several columns have the same name.</summary>
public enum DuplicateHeaderAction
{
    /// <summary>It is not imported.</summary>
    Reject,

    /// <summary>The second column of a name gets the suffix _2, the third _3, and so on.</summary>
    Rename,
}

/// <summary>How a CSV file is written.</summary>
internal sealed record CsvDialect
{
    /// <summary>What separates fields; an ASCII character. Default a comma.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>The encoding of the file. Null: by its byte order mark, else UTF-8; a file that is written gets no mark then.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>
    /// The number of lines before the header, or before the first record if <see cref="Header"/> names the columns. They are not
    /// CSV.
    /// </summary>
    public int SkipRows { get; init; }

    /// <summary>The names of the columns of a file without a header row; null when the first row names them.</summary>
    public IReadOnlyList<string>? Header { get; init; }

    /// <summary>Whether a quote may stand inside a field that does not begin with one.</summary>
    public QuoteMode QuoteMode { get; init; }

    /// <summary>What lets a field hold the delimiter and line breaks.</summary>
    public Quoting Quoting { get; init; }

    /// <summary>
    /// With backslashes: pairs of the letter behind one and the character that both stand for. Any other character stands for
    /// itself.
    /// </summary>
    public string Escapes { get; init; } = "";

    /// <summary>Texts that mean that a cell has no value.</summary>
    public IReadOnlyList<string> NullTexts { get; init; } = [];

    /// <summary>Whether a cell that is marked as text is one, even if it is empty or one of <see cref="NullTexts"/>.</summary>
    public bool TellsQuoted { get; init; }

    /// <summary>Whether lines behind a damaged quote that can be rows are rows.</summary>
    public bool RecoversRows { get; init; }

    /// <summary>Whether cells may be protected against spreadsheets.</summary>
    public bool HasProtectedCells { get; init; }

    /// <summary>The line that ends the rows; null for none.</summary>
    public string? EndMark { get; init; }

    /// <summary>Whether lines of dashes and the count of the rows are left out.</summary>
    public bool HasReportLines { get; init; }

    /// <summary>How a reject file for such a file is written: its rows are decoded, and what is a text is in quotes.</summary>
    public CsvDialect OfRejectFile => this with
    {
        Header = null,
        SkipRows = 0,
        Quoting = Quoting.Quotes,
        TellsQuoted = TellsQuoted || Quoting != Quoting.Quotes,
        Escapes = "",
        EndMark = null,
        HasReportLines = false,
    };

    /// <summary>What becomes of columns that have the same name.</summary>
    public DuplicateHeaderAction DuplicateHeader { get; init; }

    /// <summary>The names of columns as they are to be known.</summary>
    /// <param name="names">The names in the file.</param>
    public IReadOnlyList<string> Named(IReadOnlyList<string> names)
    {
        if (DuplicateHeader == DuplicateHeaderAction.Reject || names.Distinct(StringComparer.Ordinal).Count() == names.Count)
            return names;
        var taken = new HashSet<string>(names, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var renamed = new List<string>();
        foreach (var name in names)
        {
            if (string.IsNullOrWhiteSpace(name))
            {
                renamed.Add(name);
                continue;
            }

            var free = name;
            for (var number = 2; !seen.Add(free); number++)
                free = taken.Contains($"{name}_{number}") ? name : $"{name}_{number}";
            renamed.Add(free);
        }

        return renamed;
    }
}

/// <summary>What lets a field hold the delimiter and line breaks.</summary>
internal enum Quoting
{
    /// <summary>Quotes around the field, as in RFC 4180.</summary>
    Quotes,

    /// <summary>A backslash before each of them; quotes are text.</summary>
    Backslashes,

    /// <summary>Nothing: no field can hold them, and quotes are text.</summary>
    None,
}

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
