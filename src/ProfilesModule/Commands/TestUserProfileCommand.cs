using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Files;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Rows;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Commands;

/// <summary>
/// Tests rows before they are sent: CSV files as Import-UserProfileCsv takes them, or objects as Set-UserProfile does. Reads
/// everything, sends nothing and needs no connection. Writes a finding for each rule that is not kept and each property that is to
/// blame, and then one summary, whose ExitCode is for jobs. about_ProfilesModule_Rules has the rules.
/// </summary>
/// <example>
/// <code>Test-UserProfile users.csv -IdentifierColumn user_id</code>
/// <para>Shows what is wrong with a file. Give the parameters that the import will have.</para>
/// </example>
/// <example>
/// <code>Test-UserProfile users.csv | Where-Object Rule | Format-Table Severity, Rule, Property, Count</code>
/// <para>Shows the findings alone, a line for each.</para>
/// </example>
/// <example>
/// <code>$test = (Test-UserProfile *.csv -Strict -MaskValue)[-1]; exit ($test ? $test.ExitCode : 2)</code>
/// <para>Ends a job with 0 when every row would be sent, warnings included, with 1 when some would be refused, and with 2 when a file cannot be read.</para>
/// </example>
/// <example>
/// <code>if (Test-UserProfile users.csv -Quiet) { Import-UserProfileCsv users.csv }</code>
/// <para>Imports a file only if none of its rows would be refused.</para>
/// </example>
/// <example>
/// <code>Import-Csv users.csv | Test-UserProfile -IdentifierProperty user_id | Where-Object Severity -eq Error</code>
/// <para>Tests objects as Set-UserProfile would send them.</para>
/// </example>
/// <seealso cref="ImportUserProfileCsvCommand"/>
/// <seealso cref="SetUserProfileCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "UserProfile", DefaultParameterSetName = PathSet)]
[OutputType(typeof(ProfileFinding), typeof(ProfileTest), typeof(bool))]
public sealed class TestUserProfileCommand : PSCmdlet, ICsvShape, IDisposable
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string ObjectSet = "InputObject";

    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _files = [];
    private readonly PipelineRow _row = new();
    private FileInputs _inputs = null!;
    private CsvPlanning _planning = null!;
    private RowRules _rules = null!;
    private DeliveryRun _run = null!;
    private ObjectUpdates _updates = null!;
    private EmptyValues _empty = null!;
    private bool _incomplete;
    private long _rows;

    /// <summary>
    /// The files to test; wildcards are allowed. Files that are compressed with gzip are known by their content. A dash (-) is
    /// standard input, where the host passes it on. It and pipes can be read only once, so they do not go with -Unique.
    /// </summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The files to test, by their exact names.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A row to test, as Set-UserProfile takes it: an object, a dictionary, a DataRow or data record, or a profile. $null is not a row.</summary>
    [Parameter(ParameterSetName = ObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>The name of the property that holds the distinct id. Default: the usual names, whichever the row has.</summary>
    [Parameter(ParameterSetName = ObjectSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string? IdentifierProperty { get; set; }

    /// <summary>The character that separates fields. Default a comma.</summary>
    [Parameter(ParameterSetName = PathSet, Position = 1)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(DelimiterCompleter))]
    public char Delimiter { get; set; } = ',';

    /// <summary>
    /// The name of the column that holds the distinct id, or its position, from 1, when no column has that name. Default:
    /// DistinctId, distinct_id or $distinct_id, whichever the file has, else for users $email or email, with a warning and as a
    /// property too. For groups: GroupId, group_id or $group_id.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CsvColumnCompleter))]
    public string? IdentifierColumn { get; set; }

    /// <summary>
    /// How many lines stand before the header of each file, or before its first row where -Header names the columns, such as
    /// the title of a report. They are lines of text, whatever quotes are in them, and empty ones count. Default 0. Errors tell
    /// the lines of the file. A reject file has no such lines, and is read from its start.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateRange(0, int.MaxValue)]
    public int SkipRows { get; set; }

    /// <summary>The names of the columns of a file without a header row. The first row is then data.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string[]? Header { get; set; }

    /// <summary>The encoding of the files: a name as for Import-Csv, or the number of a code page. Default: by the byte order mark, else UTF-8. A file whose mark is of another encoding is not read.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding? Encoding { get; set; }

    /// <summary>
    /// Whether a quote may stand inside a field that does not begin with one: Strict, the default, refuses the row, Lenient takes
    /// the quote as a part of the text, as in 5'11". Text behind a closing quote and a quote that is never closed are refused in
    /// both, and the header is always read strictly.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public QuoteMode QuoteMode { get; set; }

    /// <summary>What the cells of columns hold, by the name of the column or the property, such as @{ age = 'Number'; tags = 'List' }: Text (the default), Number, Boolean, Date, List or Json. A cell that holds something else is refused with its row.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNull]
    public IDictionary? PropertyType { get; set; }

    /// <summary>
    /// Infers from the first 1,000 rows of each file which columns hold numbers, Booleans or dates, where -PropertyType does
    /// not say it, and says so once. Only what is the same text again when it is read back counts: numbers without leading
    /// zeros, plus signs or trailing zeros and of 15 digits at the most, true and false, dates of ISO 8601 or -DateFormat. A
    /// column of which one cell disagrees is text. A later cell that disagrees is refused with its row.
    /// A reject file names the types that were inferred, and its own rows say nothing.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter InferType { get; set; }

    /// <summary>The culture of numbers and dates in cells, such as de-DE. Default: a point before decimals, no thousands separators, ISO 8601 dates.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(CultureCompleter))]
    public CultureInfo Culture { get; set; } = CultureInfo.InvariantCulture;

    /// <summary>The formats of dates in cells, such as 'dd.MM.yyyy HH:mm'. Default ISO 8601, or with -Culture what the culture writes.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string[] DateFormat { get; set; } = [];

    /// <summary>The time zone of dates that have a time and no offset, such as Europe/Vienna, and of DateTime values of Kind Unspecified. Default UTC. Dates without a time stay dates.</summary>
    [Parameter]
    [ValidateNotNull]
    [TimeZoneTransformation]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>What sets the elements of lists apart. Default a semicolon.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string ListSeparator { get; set; } = ";";

    /// <summary>
    /// What an empty cell does, or a value of an object that is $null, DBNull or empty text: Skip, the default, leaves the
    /// property of the profile as it is; Null sets it to null, Empty to the empty text, Unset removes it. Profiles from a Get
    /// command are tested as they are, unless the parameter is given.
    /// </summary>
    [Parameter]
    public EmptyCell EmptyCell { get; set; }

    /// <summary>What becomes of a file in which several columns have the same name: Reject, the default, or Rename, which adds _2, _3 and so on to the later ones.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public DuplicateHeaderAction DuplicateHeaderAction { get; set; }

    /// <summary>
    /// What becomes of a row that has more or fewer fields than the header: Reject, the default, PadWithNulls (fields that it
    /// lacks at its end are empty), TruncateExtra (fields that it has too many are left out) or PadOrTruncate. A delimiter in a
    /// field without quotes moves the fields behind it, so look at such rows first.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public MismatchedFieldAction MismatchedFieldAction { get; set; }

    /// <summary>The columns that become properties; wildcards are allowed. Default: all but the identifier.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(CsvColumnCompleter))]
    public string[]? Property { get; set; }

    /// <summary>Columns that do not become properties, and are in no reject file and no error either; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
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
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(CsvColumnCompleter))]
    public string[] HashProperty { get; set; } = [];

    /// <summary>The names of properties by those of their columns, such as @{ mail = '$email' }.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [ValidateUnicode]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNull]
    public IDictionary? PropertyMap { get; set; }

    /// <summary>Makes columns with usual names the properties that the service reserves: email becomes $email, first_name and firstName become $first_name, and so on.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter UseReservedName { get; set; }

    /// <summary>Makes objects of names with dots: a column address.city becomes the property city of an object address.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter ExpandName { get; set; }

    /// <summary>
    /// Sends only the last row of each identifier of a file, for which the file is read twice; the rows before it count as
    /// skipped. By default every row is sent, in order.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Unique { get; set; }

    /// <summary>Tests the rows of a file that has no column for the distinct id as if each had a random one. It does not go with -IdentifierColumn and -Unique.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter RandomIdentifier { get; set; }

    /// <summary>What columns or properties mean: Set ($set), SetOnce, Add, Append, Union or Remove. Default Set. Added columns hold numbers.</summary>
    [Parameter]
    [ValidateSet(nameof(Model.Operation.Set), nameof(Model.Operation.SetOnce), nameof(Model.Operation.Add), nameof(Model.Operation.Append), nameof(Model.Operation.Union), nameof(Model.Operation.Remove))]
    public Operation Operation { get; set; } = Operation.Set;

    /// <summary>Takes placeholders such as null, unknown or 0 for distinct ids.</summary>
    [Parameter]
    public SwitchParameter AllowAnyIdentifier { get; set; }

    /// <summary>Counts the rows that break a rule which otherwise only warns among those that would be refused.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>Replaces the letters and digits of samples by x and 9, so that findings can be shown to anybody.</summary>
    [Parameter]
    public SwitchParameter MaskValue { get; set; }

    /// <summary>Writes $true or $false only: whether every row could be read and would be sent.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private ErrorRecord? OptionProblem =>
        RandomIdentifier && (IdentifierColumn is not null ? "-IdentifierColumn" : Unique ? "-Unique" : null) is { } other
            ? Errors.RandomIdentifierUnfit(other)
            : ((ICsvShape)this).Problem;

    /// <summary>Lets go of what the command holds; called when the pipeline ends, however it ends.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _run?.Dispose();
        _inputs?.Dispose();
        _stop.Dispose();
    }

    /// <summary>Begins the test.</summary>
    protected override void BeginProcessing()
    {
        if (OptionProblem is { } problem)
            ThrowTerminatingError(problem);
        _empty = new(EmptyCell, MyInvocation.BoundParameters.ContainsKey(nameof(EmptyCell)));
        _inputs = new(this, _stop.Token) { ReadsAgain = () => Unique ? "-Unique" : null };
        _planning = new(this, this, _inputs, Fail) { UsualIdentifiers = PipelineRow.DistinctIdNames, OtherIdentifiers = ImportUserProfileCsvCommand.EmailNames, MakesIdentifiers = RandomIdentifier };
        _rules = new(new() { IsStrict = Strict, AllowsAnyIdentifier = AllowAnyIdentifier, KeepsSamples = true, MasksSamples = MaskValue });
        _run = new(this, new PipelineRowDescription(), new AcceptingTransport(), "", new(), _stop.Token) { ReportsRequests = false, ReportsRejections = false };
        _updates = new(_run.Writer, PipelineValues.WriterIn(TimeZone), _rules);
    }

    /// <summary>Tests the next object, or the files.</summary>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == ObjectSet)
        {
            if (InputObject is not null)
                TestObject(InputObject);
            return;
        }

        foreach (var path in ParameterSetName == PathSet ? Path : LiteralPath)
        {
            foreach (var file in InputPath.Resolve(this, path, ParameterSetName == LiteralPathSet, Fail))
                TestFile(file);
        }
    }

    /// <summary>Writes what was found.</summary>
    protected override void EndProcessing()
    {
        _run.Complete();
        var findings = _rules.Findings.Select(finding => new ProfileFinding(finding)).ToArray();
        var test = new ProfileTest(_files, _run.Account, findings, _run.Elapsed, _incomplete, Strict);
        if (Quiet)
        {
            WriteObject(test.ExitCode == 0);
            return;
        }

        _empty.Tell(_updates.Skipped, this.Warn);
        WriteObject(findings, enumerateCollection: true);
        WriteObject(test);
    }

    /// <summary>Ends the test; called from another thread.</summary>
    protected override void StopProcessing()
    {
        _stop.Cancel();
        _run?.Cancel();
    }

    private void TestObject(PSObject input)
    {
        var origin = new UpdateOrigin(++_rows, 0, input);
        _run.Writer.NextRow(out _);
        _rules.BeginRow(origin);
        try
        {
            if (IdentifierProperty is null && ProfileNoun.Mismatch(input, null) is { } mismatch)
                throw new RowException(new(ErrorId.ProfileOfOtherKind, mismatch, ProfileNoun.Remedy));
            _row.Read(input, IdentifierProperty, PipelineRow.DistinctIdNames, SegmentCall.Identify);
            _updates.Write(Operation, _row.Id, _row.Fields, _row.Identifier, origin, _empty.Of(_row));
        }
        catch (RowException e)
        {
            if (_rules.Rejection is null)
                _rules.Refuse(e.Rejection);
            _run.Writer.Reject(origin, e.Rejection);
        }

        _run.Advance();
    }

    private void TestFile(string file)
    {
        try
        {
            if (_inputs.Take(file) is { } unfit)
            {
                Fail(unfit);
                return;
            }

            using var reader = _planning.Open(file);
            _files.Add(file);
            if (_planning.Plan(file, reader) is not { } plan)
                return;
            plan.Check(_rules, file);
            _inputs.KeepNoMore();
            var shown = RedactedReader.Of(reader, plan, Delimiter);
            var updates = new CsvUpdates(shown, plan, Operation, _run.Writer, file, _rules) { IsStopped = () => _run.IsEnding };
            if (Unique)
                _run.Produce(() => FindLastRows(updates, file, plan));
            _run.Produce(() => updates.WriteAllAsync(_stop.Token));
        }
        catch (Exception e) when (FileInputs.IsUnreadable(e))
        {
            Fail(FileInputs.Problem(e, file, Errors.FileNotReadable));
        }
    }

    private Task FindLastRows(CsvUpdates updates, string file, ColumnPlan plan)
    {
        using var reader = _planning.Open(file, plan);
        updates.SendOnlyLastRows(reader, _stop.Token);
        return Task.CompletedTask;
    }

    private void Fail(ErrorRecord error)
    {
        _incomplete = true;
        WriteError(error);
    }
}
