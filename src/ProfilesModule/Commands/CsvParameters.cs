using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using ProfilesModule.Binding;
using ProfilesModule.Model;
using ProfilesModule.Rows;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Sources.Json;

namespace ProfilesModule.Commands;

/// <summary>The parameters of commands that read rows from files, CSV or JSON. Cmdlets have them as dynamic parameters, so that they are declared once.</summary>
public class RowParameters
{
    /// <summary>The parameter set of paths that may have wildcards.</summary>
    protected const string PathSet = ImportCommand.PathSet;

    /// <summary>The parameter set of exact paths.</summary>
    protected const string LiteralPathSet = ImportCommand.LiteralPathSet;

    /// <summary>The columns of CSV files, or members of JSON objects, that become properties; wildcards are allowed. Default: all but the identifier.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FieldNameCompleter))]
    public string[]? Property { get; set; }

    /// <summary>Columns or members that do not become properties, and are not written to reject files or shown in errors either; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FieldNameCompleter))]
    public string[]? ExcludeProperty { get; set; }

    /// <summary>
    /// Columns or members, by their names or those of their properties, whose values are replaced by their SHA-256 in hexadecimal
    /// digits. Before they are hashed, e-mail addresses ($email) are converted to lower case and phone numbers ($phone) to digits with
    /// their plus, both without surrounding spaces; other text loses its surrounding spaces. Reject files and errors have the hash too;
    /// a reject file marks the column, so that it is not hashed again. The identifier can be one of them.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FieldNameCompleter))]
    public string[] HashProperty { get; set; } = [];

    /// <summary>The names of properties by those of their columns or members, such as @{ mail = '$email' }.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateUnicode]
    [ValidateNotNull]
    public IDictionary? PropertyMap { get; set; }

    /// <summary>
    /// Maps columns or members with usual names to the properties that the service reserves: email to $email, first_name and
    /// firstName to $first_name, and so on. Traits of Segment are always mapped.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter UseReservedName { get; set; }

    /// <summary>How JSON files become updates.</summary>
    /// <exception cref="FailureException">The parameters cannot be used.</exception>
    internal JsonOptions JsonOptions(string? identifierProperty, IReadOnlyList<string> usualNames)
    {
        var map = ColumnFilter.Names(PropertyMap);
        return new()
        {
            IdentifierProperty = identifierProperty,
            IdentifierNames = usualNames,
            Includes = ColumnFilter.Of(Property, ExcludeProperty),
            Withholds = ExcludeProperty is null ? null : ColumnFilter.Any(ExcludeProperty),
            Hashed = HashProperty,
            PropertyMap = map,
            UsesReservedNames = UseReservedName,
            Named =
            [
                .. NamedColumns,
                .. HashProperty.Select(name => KeyValuePair.Create(name, nameof(HashProperty))),
                .. map.Keys.Select(name => KeyValuePair.Create(name, nameof(PropertyMap))),
            ],
        };
    }

    /// <summary>The names without wildcards, each with its parameter: a misspelled name must not go unnoticed.</summary>
    private protected IEnumerable<KeyValuePair<string, string>> NamedColumns =>
        ColumnFilter.Literal(Property, nameof(Property)).Concat(ColumnFilter.Literal(ExcludeProperty, nameof(ExcludeProperty)));
}

/// <summary>The parameters of commands that read CSV files.</summary>
public sealed class CsvParameters : RowParameters
{
    /// <summary>The character that separates fields. Default a comma.</summary>
    [Parameter(ParameterSetName = PathSet, Position = 1)]
    [Parameter(ParameterSetName = LiteralPathSet, Position = 1)]
    [ArgumentCompleter(typeof(DelimiterCompleter))]
    public char Delimiter { get; set; } = ',';

    /// <summary>
    /// The name of the column that holds the identifier, or its position, from 1, when no column has that name. Default:
    /// DistinctId, distinct_id or $distinct_id, whichever the file has; otherwise, for users, $email or email, which is then a
    /// property too and causes a warning. For groups: GroupId, group_id or $group_id.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FieldNameCompleter))]
    public string? IdentifierColumn { get; set; }

    /// <summary>The names of the columns of files without a header row. The first row is then data.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string[]? Header { get; set; }

    /// <summary>
    /// The number of lines before the header of each file, or before its first row if -Header names the columns, such as the title of
    /// a report. They are plain lines of text, whatever quotes they contain, and empty lines count. Default 0. Errors give the line
    /// numbers of the file. A reject file has no such lines and is read from its start.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateRange(0, int.MaxValue)]
    public int SkipRows { get; set; }

    /// <summary>
    /// The encoding of the files: a name as for Import-Csv, or the number of a code page. Default: by the byte order mark, otherwise
    /// UTF-8. A file whose byte order mark is for another encoding is not read.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding? Encoding { get; set; }

    /// <summary>
    /// The types of columns, by the name of the column or the property, such as @{ age = 'Number'; tags = 'List' }: Text (the
    /// default), Number, Boolean, Date, List or Json. A row with a cell that does not match is refused.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNull]
    public IDictionary? PropertyType { get; set; }

    /// <summary>
    /// Infers from the first 1,000 rows of each file which columns hold numbers, Booleans or dates, except where -PropertyType
    /// specifies the type, and reports the result once. Only values whose text survives a round trip count: numbers without leading
    /// zeros, plus signs or trailing zeros and of at most 15 digits, true and false, and dates in ISO 8601 or -DateFormat. A column
    /// with a cell that does not match is text. A later row with a cell that does not match is refused. A reject file keeps the types
    /// that were inferred, whatever its own rows suggest.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter InferType { get; set; }

    /// <summary>The culture of numbers and dates in cells, such as de-DE. Default: a decimal point, no thousands separators, ISO 8601 dates.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(CultureCompleter))]
    public CultureInfo Culture { get; set; } = CultureInfo.InvariantCulture;

    /// <summary>The formats of dates in cells, such as 'dd.MM.yyyy HH:mm'. Each must have a day, a month and a year. Default ISO 8601, or with -Culture also the formats of the culture.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string[] DateFormat { get; set; } = [];

    /// <summary>
    /// The time zone of dates that have a time and no offset, such as Europe/Vienna, and of DateTime values of Kind Unspecified.
    /// Default UTC. Dates without a time stay dates.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [TimeZoneTransformation]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>The text that separates the elements of lists. Default a semicolon.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string ListSeparator { get; set; } = ";";

    /// <summary>
    /// What an empty cell does, or a value of an object that is $null, DBNull or empty text: Skip, the default, leaves the property of
    /// the profile as it is; Null sets it to null, Empty to the empty text, and Unset removes it. Unset requires an update of its own,
    /// so such a row counts as two in the batch size.
    /// </summary>
    [Parameter]
    public EmptyCell EmptyCell { get; set; }

    /// <summary>How to handle a file in which several columns have the same name: Reject, the default, or Rename, which adds _2, _3 and so on to the later ones.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public DuplicateHeaderAction DuplicateHeaderAction { get; set; }

    /// <summary>
    /// How to handle a row that has more or fewer fields than the header: Reject, the default, PadWithNulls (missing fields at its
    /// end are empty), TruncateExtra (extra fields are dropped) or PadOrTruncate. An unquoted delimiter inside a field shifts the
    /// fields after it, so look at such rows first.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public MismatchedFieldAction MismatchedFieldAction { get; set; }

    /// <summary>
    /// Whether a quote is allowed inside a field that does not begin with one: Strict, the default, refuses the row; Lenient reads
    /// the quote as part of the text, as in 5'11". Both refuse text after a closing quote and a quote that is never closed, and the
    /// header is always read strictly.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public QuoteMode QuoteMode { get; set; }

    /// <summary>Makes objects of names with dots: the column address.city becomes the property city of an object address.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter ExpandName { get; set; }

    /// <summary>How CSV files become updates.</summary>
    /// <exception cref="FailureException">The parameters cannot be used.</exception>
    internal CsvOptions CsvOptions(Operation operation)
    {
        if (UnfitOption(operation) is { } option)
            throw new FailureException(Failures.OptionNotForOperation(option, operation));
        if (!char.IsAscii(Delimiter) || Delimiter is '"' or '\r' or '\n' or '\0')
            throw new FailureException(Failures.InvalidDelimiter(Delimiter));
        if (DateFormat.FirstOrDefault(format => !Sources.Columns.DateFormat.IsWhole(format, Culture)) is { } incomplete)
            throw new FailureException(Failures.InvalidDateFormat(incomplete));
        return new()
        {
            // UTF-8 is read as it is, and then each row is checked; what another encoding cannot decode must not become question marks.
            Dialect = new()
            {
                Delimiter = Delimiter,
                Encoding = Encoding is null or UTF8Encoding ? null : EncodingNames.Strict(Encoding),
                Header = Header,
                SkipRows = SkipRows,
                QuoteMode = QuoteMode,
                DuplicateHeader = DuplicateHeaderAction,
            },
            IdentifierColumn = IdentifierColumn,
            InfersTypes = InferType,
            Columns = new()
            {
                Includes = ColumnFilter.Of(Property, ExcludeProperty),
                Required = [.. NamedColumns],
                Hashed = HashProperty,
                Withholds = ColumnFilter.Any(ExcludeProperty),
                PropertyMap = ColumnFilter.Names(PropertyMap),
                UsesReservedNames = UseReservedName,
                ExpandsNames = ExpandName,
                Types = ColumnFilter.Types(PropertyType),
                Format = new() { Culture = Culture, DateFormats = DateFormat, TimeZone = TimeZone, ListSeparator = ListSeparator },
                EmptyCell = EmptyCell,
                MismatchedField = MismatchedFieldAction,
            },
        };
    }

    /// <summary>A parameter that has no effect with the operation; null for none. Numbers and lists have no properties.</summary>
    private string? UnfitOption(Operation operation) =>
        !EmptyCell.Fits(operation) ? $"-EmptyCell {EmptyCell}"
        : ExpandName && operation is not (Operation.Set or Operation.SetOnce) ? "-ExpandName"
        : null;
}
