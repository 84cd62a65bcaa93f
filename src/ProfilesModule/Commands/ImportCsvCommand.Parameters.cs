using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using ProfilesModule.Binding;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rows;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Commands;

public abstract partial class ImportCsvCommand
{
    /// <summary>The character that separates fields. Default a comma.</summary>
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(DelimiterCompleter))]
    public char Delimiter { get; set; } = ',';

    /// <summary>
    /// The name of the column that holds the distinct id, or its position, from 1, when no column has that name. Default:
    /// DistinctId, distinct_id or $distinct_id, whichever the file has, else for users $email or email, with a warning and as a
    /// property too. For groups: GroupId, group_id or $group_id.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CsvColumnCompleter))]
    public string? IdentifierColumn { get; set; }

    /// <summary>The names of the columns of a file without a header row. The first row is then data.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Header { get; set; }

    /// <summary>
    /// How many lines stand before the header of each file, or before its first row where -Header names the columns, such as
    /// the title of a report. They are lines of text, whatever quotes are in them, and empty ones count. Default 0. Errors tell
    /// the lines of the file. A reject file has no such lines, and is read from its start.
    /// </summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int SkipRows { get; set; }

    /// <summary>The encoding of the files: a name as for Import-Csv, or the number of a code page. Default: by the byte order mark, else UTF-8. A file whose mark is of another encoding is not read.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding? Encoding { get; set; }

    /// <summary>What the cells of columns hold, by the name of the column or the property, such as @{ age = 'Number'; tags = 'List' }: Text (the default), Number, Boolean, Date, List or Json. A cell that holds something else is refused with its row.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? PropertyType { get; set; }

    /// <summary>
    /// Infers from the first 1,000 rows of each file which columns hold numbers, Booleans or dates, where -PropertyType does
    /// not say it, and says so once. Only what is the same text again when it is read back counts: numbers without leading
    /// zeros, plus signs or trailing zeros and of 15 digits at the most, true and false, dates of ISO 8601 or -DateFormat. A
    /// column of which one cell disagrees is text. A later cell that disagrees is refused with its row.
    /// A reject file names the types that were inferred, and its own rows say nothing.
    /// </summary>
    [Parameter]
    public SwitchParameter InferType { get; set; }

    /// <summary>The culture of numbers and dates in cells, such as de-DE. Default: a point before decimals, no thousands separators, ISO 8601 dates.</summary>
    [Parameter]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(CultureCompleter))]
    public CultureInfo Culture { get; set; } = CultureInfo.InvariantCulture;

    /// <summary>The formats of dates in cells, such as 'dd.MM.yyyy HH:mm'. Default ISO 8601, or with -Culture what the culture writes.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] DateFormat { get; set; } = [];

    /// <summary>The time zone of dates that have a time and no offset, such as Europe/Vienna. Default UTC. Dates without a time stay dates.</summary>
    [Parameter]
    [ValidateNotNull]
    [TimeZoneTransformation]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>What sets the elements of lists apart. Default a semicolon.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string ListSeparator { get; set; } = ";";

    /// <summary>What an empty cell does: Skip, the default, leaves the property as it is; Null sets it to null, Empty to the empty text, Unset removes it. Unset takes an update of its own, so such a row counts twice in -BatchSize.</summary>
    [Parameter]
    public EmptyCell EmptyCell { get; set; }

    /// <summary>What becomes of a file in which several columns have the same name: Reject, the default, or Rename, which adds _2, _3 and so on to the later ones.</summary>
    [Parameter]
    public DuplicateHeaderAction DuplicateHeaderAction { get; set; }

    /// <summary>
    /// What becomes of a row that has more or fewer fields than the header: Reject, the default, PadWithNulls (fields that it
    /// lacks at its end are empty), TruncateExtra (fields that it has too many are left out) or PadOrTruncate. A delimiter in a
    /// field without quotes moves the fields behind it, so look at such rows first.
    /// </summary>
    [Parameter]
    public MismatchedFieldAction MismatchedFieldAction { get; set; }

    /// <summary>
    /// Whether a quote may stand inside a field that does not begin with one: Strict, the default, refuses the row, Lenient takes
    /// the quote as a part of the text, as in 5'11". Text behind a closing quote and a quote that is never closed are refused in
    /// both, and the header is always read strictly.
    /// </summary>
    [Parameter]
    public QuoteMode QuoteMode { get; set; }

    /// <summary>The columns that become properties; wildcards are allowed. Default: all but the identifier.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CsvColumnCompleter))]
    public string[]? Property { get; set; }

    /// <summary>Columns that do not become properties, and are in no reject file and no error either; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CsvColumnCompleter))]
    public string[]? ExcludeProperty { get; set; }

    /// <summary>
    /// Columns, by their names or those of their properties, that are sent as SHA-256 in hexadecimal digits: e-mail addresses
    /// ($email) in lower case and phone numbers ($phone) as digits with their plus, both without blanks around them, other text
    /// without the blanks. Reject files and errors have the hash too; a reject file marks the column, so that it is not hashed
    /// again. The column of the identifier may be one of them.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CsvColumnCompleter))]
    public string[] HashProperty { get; set; } = [];

    /// <summary>The names of properties by those of their columns, such as @{ mail = '$email' }.</summary>
    [Parameter]
    [ValidateUnicode]
    [ValidateNotNull]
    public IDictionary? PropertyMap { get; set; }

    /// <summary>Makes columns with usual names the properties that the service reserves: email becomes $email, first_name and firstName become $first_name, and so on.</summary>
    [Parameter]
    public SwitchParameter UseReservedName { get; set; }

    /// <summary>Makes objects of names with dots: a column address.city becomes the property city of an object address.</summary>
    [Parameter]
    public SwitchParameter ExpandName { get; set; }

    private protected override RejectFormat FormatOfRejects(IReadOnlyList<string> header) => new CsvRejectFormat(header, Delimiter, Encoding);

    private protected override IReadOnlyDictionary<string, string> Shape => new Dictionary<string, string>
    {
        [nameof(Delimiter)] = Delimiter.ToString(),
        [nameof(Encoding)] = Encoding?.WebName ?? "",
        [nameof(Header)] = string.Join(',', Header ?? []),
        [nameof(SkipRows)] = SkipRows == 0 ? "" : SkipRows.ToString(CultureInfo.InvariantCulture),
        [nameof(QuoteMode)] = QuoteMode == QuoteMode.Strict ? "" : QuoteMode.ToString(),
        [nameof(IdentifierColumn)] = IdentifierColumn ?? "",
        [nameof(Operation)] = Operation.ToString(),
        [nameof(PropertyType)] = ColumnFilter.Text(PropertyType),
        [nameof(InferType)] = InferType.ToString(),
        [nameof(Culture)] = Culture.Name,
        [nameof(DateFormat)] = string.Join(',', DateFormat),
        [nameof(TimeZone)] = TimeZone.Id,
        [nameof(ListSeparator)] = ListSeparator,
        [nameof(EmptyCell)] = EmptyCell.ToString(),
        [nameof(DuplicateHeaderAction)] = DuplicateHeaderAction.ToString(),
        [nameof(MismatchedFieldAction)] = MismatchedFieldAction.ToString(),
        [nameof(Property)] = string.Join(',', Property ?? []),
        [nameof(ExcludeProperty)] = string.Join(',', ExcludeProperty ?? []),
        [nameof(HashProperty)] = string.Join(',', HashProperty),
        [nameof(PropertyMap)] = ColumnFilter.Text(PropertyMap),
        [nameof(UseReservedName)] = UseReservedName.ToString(),
        [nameof(ExpandName)] = ExpandName.ToString(),
        [nameof(AllowAnyIdentifier)] = AllowAnyIdentifier.ToString(),
        [nameof(Strict)] = Strict.ToString(),
        [nameof(Unique)] = Unique.ToString(),
        [nameof(SkipSuperseded)] = SkipSuperseded ? "True" : "",
    };
}
