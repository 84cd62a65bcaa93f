using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using ProfilesModule.Binding;
using ProfilesModule.Mapping;
using ProfilesModule.Model;
using ProfilesModule.Rows;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Commands;

/// <summary>The parameters of commands that read CSV files.</summary>
public sealed class CsvParameters : RowParameters
{
    private char? _delimiter;

    /// <summary>The character that separates fields. Default a comma. -Dialect has a default of its own.</summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet, Position = 1)]
    [Parameter(ParameterSetName = LiteralPathSet, Position = 1)]
    [ArgumentCompleter(typeof(DelimiterCompleter))]
    public char Delimiter
    {
        get => _delimiter ?? DialectTable.Of(Dialect).Delimiter;
        set => _delimiter = value;
    }

    /// <summary>
    /// The program that wrote the files, which determines the delimiter, quotes, escapes and the texts for no value: Excel,
    /// MySql (mysql --batch, INTO OUTFILE), PostgreSqlCopy (COPY in text format), PostgreSqlCsv, Bcp, SqlCmd, Snowflake or BigQuery.
    /// Default Rfc4180. Parameters such as -Delimiter take precedence. With PostgreSqlCsv, Snowflake and BigQuery, a cell "" is the
    /// empty text and sets its property. With Excel, ="00123" and '00123 are 00123. Files of Bcp and PostgreSqlCopy often have no
    /// header: specify -Header. See about_ProfilesModule_Dialects.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public Dialect Dialect { get; set; }

    /// <summary>
    /// The name of the column that holds the identifier, or, if no column has that name, its position, starting at 1. Default:
    /// DistinctId, distinct_id or $distinct_id, whichever the file has, also spelled as Distinct ID; otherwise, for users, $email or
    /// email, which is then also a property and causes a warning, unless another column looks like an identifier, such as user_id.
    /// For groups: GroupId, group_id or $group_id.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FieldNameCompleter))]
    public string? IdentifierColumn { get; set; }

    /// <summary>The names of the columns, for files without a header row. The first row is then data.</summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string[]? Header { get; set; }

    /// <summary>
    /// Only the first file has a header row, as when an export was split into parts: the others have its columns, and their first row is
    /// data. A row that repeats the names of the columns is rejected. It has no effect with -Header.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter HeaderInFirstFileOnly { get; set; }

    /// <summary>
    /// The number of lines to skip before the header of each file, such as the title of a report, or before its first row if -Header
    /// names the columns. Quotes in these lines have no meaning, and empty lines count. Default 0. Errors state the line numbers of the
    /// file. A reject file has no such lines and is read from its start.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateRange(0, int.MaxValue)]
    public int SkipRows { get; set; }

    /// <summary>
    /// The encoding of the files: a name as for Import-Csv, or the number of a code page. Default: from the byte order mark, otherwise
    /// UTF-8. A file whose byte order mark is for another encoding is not read.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding? Encoding { get; set; }

    /// <summary>
    /// The types of columns, by the name of the column or the property, such as @{ age = 'Number'; tags = 'List' }: Text (the
    /// default), Number, Boolean, Date, UnixSeconds or UnixMilliseconds (times counted from 1970 in UTC), List or Json. Dates can be as
    /// databases write them, such as 2026-01-31 12:00:00+00. ExactNumber, ExactBoolean and ExactDate accept only what -InferType
    /// recognizes, so that 007 is not 7; ExactNumber.2 also accepts a trailing zero of two decimals, as in 12.50. A row with a cell that
    /// does not match is rejected.
    /// </summary>
    [MappingMember(Values = typeof(PropertyType), Pattern = @"^ExactNumber\.([1-9]|1[0-5])$")]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNull]
    public IDictionary? PropertyType { get; set; }

    /// <summary>
    /// Infers from the first 1,000 rows of each file which columns hold numbers, Booleans or dates, except where -PropertyType
    /// specifies the type, and reports the result once. Only values whose text survives a round trip count: numbers of at most 15
    /// digits without plus signs, leading zeros or trailing zeros, true and false, and dates in ISO 8601 or -DateFormat. Trailing zeros
    /// are accepted if every number of the column has the same number of decimals, such as 12.50. A column
    /// with a cell that does not match is text, and the report names the first such cell. A later row with a cell that does not match
    /// is rejected. A reject file keeps the inferred types, whatever its own rows suggest.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter InferType { get; set; }

    /// <summary>
    /// The culture of numbers and dates in cells, such as de-DE. Default: a decimal point, no thousands separators, ISO 8601 dates.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(CultureCompleter))]
    public CultureInfo Culture { get; set; } = CultureInfo.InvariantCulture;

    /// <summary>
    /// The formats of dates in cells, such as 'dd.MM.yyyy HH:mm'. Each must have a day, a month and a year. Default ISO 8601; with
    /// -Culture, the formats of the culture too.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string[] DateFormat { get; set; } = [];

    /// <summary>
    /// The time zone, such as Europe/Vienna, of dates that have a time but no offset, and of DateTime values of Kind Unspecified.
    /// Default UTC. Dates without a time stay dates.
    /// </summary>
    [MappingMember]
    [Parameter]
    [ValidateNotNull]
    [TimeZoneTransformation]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>
    /// The text that separates the elements of lists. Default a semicolon. Double quotes enclose an element that contains it. JSON arrays
    /// and arrays of PostgreSQL, such as {a,"b c"}, are lists whatever the separator.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string ListSeparator { get; set; } = ";";

    /// <summary>
    /// What to do with a file in which several columns have the same name: Reject, the default, or Rename, which adds _2, _3 and so
    /// on to the later ones.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public DuplicateHeaderAction DuplicateHeaderAction { get; set; }

    /// <summary>
    /// What to do with a row that has more or fewer fields than the header: Reject, the default, PadWithNulls (missing fields at its
    /// end are empty), TruncateExtra (extra fields are dropped) or PadOrTruncate. An unquoted delimiter inside a field shifts the
    /// fields after it, so look at such rows first.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public MismatchedFieldAction MismatchedFieldAction { get; set; }

    /// <summary>
    /// Whether a quote is allowed inside a field that does not begin with one: Strict, the default, rejects the row; Lenient reads
    /// the quote as part of the text, as in 5'11". Both reject text after a closing quote and a quote that is never closed. The
    /// header is always read strictly.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public QuoteMode QuoteMode { get; set; }

    /// <summary>
    /// Imports the rows behind a damaged quote. Such a quote makes the lines behind it part of a field, until another quote shows
    /// that it was damaged. By default, each of these lines that can be a row is refused (RowBehindQuote), because it may be part of a
    /// field. Test-UserProfile shows them.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter RecoverRows { get; set; }

    /// <summary>Makes objects from names with dots: the column address.city becomes the property city of an object named address.</summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter ExpandName { get; set; }

    /// <summary>How CSV files become updates.</summary>
    /// <exception cref="FailureException">The parameters cannot be used.</exception>
    internal CsvOptions CsvOptions(Operation operation)
    {
        if (OptionWithoutEffect(operation) is { } option)
            throw new FailureException(Failures.OptionNotForOperation(option, operation));
        if (!char.IsAscii(Delimiter) || Delimiter is '"' or '\r' or '\n' or '\0')
            throw new FailureException(Failures.InvalidDelimiter(Delimiter));
        if (DateFormat.FirstOrDefault(format => !Sources.Columns.DateFormat.IsWhole(format, Culture)) is { } incomplete)
            throw new FailureException(Failures.InvalidDateFormat(incomplete));
        var dialect = DialectTable.Of(Dialect);
        return new()
        {
            // UTF-8 is read as it is, and then each row is checked; what another encoding cannot decode must not become question marks.
            Dialect = dialect with
            {
                Delimiter = Delimiter,
                Encoding = Encoding is null or UTF8Encoding ? null : EncodingNames.Strict(Encoding),
                Header = Header,
                SkipRows = SkipRows,
                QuoteMode = QuoteMode,
                RecoversRows = RecoverRows,
                DuplicateHeader = DuplicateHeaderAction,
            },
            IdentifierColumn = IdentifierColumn,
            HeaderInFirstFileOnly = HeaderInFirstFileOnly,
            InfersTypes = InferType,
            Columns = new(RowOptions(dialect.NullTexts))
            {
                ExpandsNames = ExpandName,
                Types = ColumnFilter.Types(PropertyType),
                Format = new() { Culture = Culture, DateFormats = DateFormat, TimeZone = TimeZone, ListSeparator = ListSeparator },
                EmptyCell = EmptyCell,
                MismatchedField = MismatchedFieldAction,
            },
        };
    }

    /// <summary>A parameter that has no effect with the operation; null for none. Numbers and lists have no properties.</summary>
    private string? OptionWithoutEffect(Operation operation) =>
        !EmptyCell.IsValidFor(operation) ? $"-EmptyCell {EmptyCell}"
        : ExpandName && operation is not (Operation.Set or Operation.SetOnce) ? "-ExpandName"
        : null;
}
