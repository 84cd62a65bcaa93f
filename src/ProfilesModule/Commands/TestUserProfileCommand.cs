using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Files;
using ProfilesModule.Import;
using ProfilesModule.Isolation;
using ProfilesModule.Mapping;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Rows;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Json;

namespace ProfilesModule.Commands;

/// <summary>
/// Tests rows before they are sent: files as the Import commands read them, or objects as the Set commands do. Reads everything,
/// sends nothing and does not need a connection. Files whose names end in .json, .jsonl or .ndjson, also with .gz or .zst, are JSON;
/// others are CSV. Writes a finding for each broken rule and each property that breaks it, and then one summary, whose ExitCode is
/// for jobs.
/// See about_ProfilesModule_Rules.
/// </summary>
/// <example>
/// <code>Test-UserProfile users.csv -IdentifierColumn user_id</code>
/// <para>Shows what is wrong with a file. Use the same parameters as for the import.</para>
/// </example>
/// <example>
/// <code>Test-UserProfile users.csv | Where-Object Rule | Format-Table Severity, Rule, Property, Count</code>
/// <para>Shows only the findings, one per line.</para>
/// </example>
/// <example>
/// <code>$test = (Test-UserProfile *.csv -Strict -MaskValue)[-1]; exit ($test ? $test.ExitCode : 2)</code>
/// <para>Ends a job with 0 if every row would be sent, with 1 if some, including those with warnings, would be rejected, and with 2
/// if a file cannot be read.</para>
/// </example>
/// <example>
/// <code>if (Test-UserProfile users.csv -Quiet) { Import-UserProfileCsv users.csv }</code>
/// <para>Imports a file only if none of its rows would be rejected.</para>
/// </example>
/// <example>
/// <code>Import-Csv users.csv | Test-UserProfile -IdentifierProperty user_id | Where-Object Severity -eq Error</code>
/// <para>Tests objects as Set-UserProfile would send them.</para>
/// </example>
/// <example>
/// <code>Test-UserProfile users.csv -MaskValue -ReportPath report.html</code>
/// <para>Writes a page with charts of the columns and the findings beside them, which you can send to whoever owns the data.</para>
/// </example>
/// <seealso cref="ImportUserProfileCsvCommand"/>
/// <seealso cref="SetUserProfileCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "UserProfile", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(ProfileFinding), typeof(ProfileTest), typeof(bool))]
public sealed partial class TestUserProfileCommand : PSCmdlet, IDynamicParameters, IDisposable
{
    private const string PathSet = ImportCommand.PathSet;
    private const string LiteralPathSet = ImportCommand.LiteralPathSet;
    private const string ObjectSet = "InputObject";

    private readonly CancellationTokenSource _stop = new();
    private readonly CsvParameters _csv = new();
    private ImportRun? _import;
    private DeliveryRun? _run;
    private CsvSource? _csvSource;
    private JsonSource? _jsonSource;
    private ObjectUpdates? _updates;
    private PipelineRow? _row;
    private EmptyValues? _empty;
    private MappedParameters _mapped = MappedParameters.None;
    private long _rows;

    /// <summary>
    /// The files to test; wildcards are allowed. Files that are compressed with gzip or Zstandard are recognized by their content. A
    /// dash (-) is standard input, if the host makes it available. Standard input and pipes can be read only once, so they cannot be
    /// used with -Unique.
    /// </summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The files to test, by their exact names.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>
    /// A row to test, as the Set commands accept it: an object, a dictionary, a DataRow or data record, or a profile. $null is
    /// ignored.
    /// </summary>
    [Parameter(ParameterSetName = ObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>
    /// The name of the property that holds the identifier, in objects and JSON files. Default: the first of the recognized names
    /// that the row has.
    /// </summary>
    [MappingMember]
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string? IdentifierProperty { get; set; }

    /// <inheritdoc cref="ImportUserProfileJsonCommand.Root"/>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string? Root { get; set; }

    /// <summary>The group key, such as company, to test the rows as group profiles. Default: the rows are user profiles.</summary>
    [Parameter]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    public string? GroupKey { get; set; }

    /// <summary>Tests only the last row of each identifier of a file, as an import with -Unique sends it.</summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Unique { get; set; }

    /// <summary>
    /// Tests the rows of a CSV file that has no column for the identifier as if each had a random one. It cannot be used with
    /// -IdentifierColumn or -Unique.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter RandomIdentifier { get; set; }

    /// <summary>
    /// The operation to test for: Set ($set), SetOnce, Add, Append, Union or Remove. Default Set. With Add, columns must hold
    /// numbers.
    /// </summary>
    [MappingMember]
    [Parameter]
    [ValidateSet(nameof(Model.Operation.Set), nameof(Model.Operation.SetOnce), nameof(Model.Operation.Add), nameof(Model.Operation.Append), nameof(Model.Operation.Union), nameof(Model.Operation.Remove))]
    public Operation Operation { get; set; } = Operation.Set;

    /// <inheritdoc cref="ImportCommand.MappingPath"/>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MappingPath { get; set; }

    /// <summary>Accepts placeholders such as null, unknown or 0 as distinct ids.</summary>
    [MappingMember]
    [Parameter]
    public SwitchParameter AllowAnyIdentifier { get; set; }

    /// <summary>Counts rows that break a rule that otherwise only causes a warning as rejected.</summary>
    [MappingMember]
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>
    /// Replaces the letters and digits of values with x and 9 in findings, in the report and in what -InferType reports, so that you can
    /// share them.
    /// </summary>
    [Parameter]
    public SwitchParameter MaskValue { get; set; }

    /// <summary>Writes only $true or $false: whether every row can be read and would be sent.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>The parameters for CSV files.</summary>
    public object GetDynamicParameters() => _csv;

    /// <summary>Releases what the test holds.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _run?.Dispose();
        _import?.Dispose();
        _stop.Dispose();
    }

    /// <summary>Begins the test.</summary>
    protected override void BeginProcessing()
    {
        try
        {
            _mapped = MappedParameters.Set(this, MappingPath, [this, _csv]);
            BeginReport();
            CreateSources();
        }
        catch (FailureException e)
        {
            this.ThrowTerminatingError(_mapped.Locate(e.Failure));
        }

        _row = new(IdentifierProperty, GroupKey)
        {
            Texts = _csv.InputTexts,
            Fields = { KeepsDates = !_csv.TimeZone.Equals(TimeZoneInfo.Utc) },
        };
        _empty = new(_csv.EmptyCell, MyInvocation.BoundParameters.ContainsKey(nameof(CsvParameters.EmptyCell)));
        _run = new(this, maxConcurrency: 1, _stop.Token) { ReportsRows = false };
        var options = new ImportOptions
        {
            Operation = Operation,
            TakesRequested = !MyInvocation.BoundParameters.ContainsKey(nameof(Operation)),
            Rules = new()
            {
                IsStrict = Strict,
                AllowsAnyIdentifier = AllowAnyIdentifier,
                IsForGroups = GroupKey is not null,
                KeepsSamples = true,
                MasksSamples = MaskValue,
            },
            Unique = Unique,
            Mode = ImportMode.Test,
            Statistics = _statistics,
        };
        var streams = _run.ImportEvents((_, _) => true);
        var events = streams with { Started = _run.Use, Delivery = new(), Fail = failure => streams.Fail(_mapped.Locate(failure)) };
        _import = new(
            options, events, new(() => StandardInput.Open(Host), _stop.Token) { ReadsAgain = Unique ? "-Unique" : null }, _stop.Token);
        _updates = new(_import.Start(), PipelineValues.WriterIn(_csv.TimeZone), _import.Rules);
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

        var isLiteral = ParameterSetName == LiteralPathSet;
        foreach (var file in (isLiteral ? LiteralPath : Path).SelectMany(path => InputPath.Resolve(this, path, isLiteral, Fail)))
        {
            if (!IsReport(file))
                _run!.Produce(() => _import!.ImportAsync(JsonFile.IsNamed(file) ? _jsonSource! : _csvSource!, file));
        }
    }

    /// <summary>Writes what was found.</summary>
    protected override void EndProcessing()
    {
        _run!.Complete();
        if (ParameterSetName == ObjectSet)
            _import!.Rules.EndInput();
        var test = new ProfileTest(_import!, _run.Elapsed, Strict);
        if (Quiet)
        {
            WriteObject(test.ExitCode == 0);
        }
        else
        {
            _empty!.Tell(_updates!.Skipped, this.Warn);
            WriteObject(test.Findings, enumerateCollection: true);
            WriteObject(test);
        }

        // Last, so that a disk that is full costs no finding.
        WriteReport();
    }

    /// <summary>Ends the test; called from another thread.</summary>
    protected override void StopProcessing()
    {
        _stop.Cancel();
        _run?.Cancel();
    }

    private void CreateSources()
    {
        if (RandomIdentifier && ImportUserProfileCsvCommand.ConflictWithRandomIdentifier(_csv, Unique) is { } other)
            throw new FailureException(Failures.RandomIdentifierUnfit(other));
        if (GroupKey is not null && !Operation.IsForGroups())
            throw new FailureException(Failures.OperationNotForGroups(Operation));
        _csvSource = new(Dependencies.Csv, _csv.CsvOptions(Operation) with
        {
            IdentifierNames = IdentifierNames,
            OtherIdentifiers = GroupKey is not null ? [] : ImportUserProfileCsvCommand.EmailNames,
            MakesIdentifiers = RandomIdentifier,
            MasksValues = MaskValue,
        });
        _jsonSource = _csv.JsonSource(this, IdentifierProperty, Root, IdentifierNames, Operation);
    }

    private IReadOnlyList<string> IdentifierNames => ProfileFields.IdNames(GroupKey);

    private void TestObject(PSObject input)
    {
        var origin = new UpdateOrigin(++_rows, 0, input);
        _run!.Deliver(origin, () => Tested(input, origin), _import!.Rules);
    }

    private Failure? Tested(PSObject input, UpdateOrigin origin) => _row!.Read(input)
        ?? _updates!.Write(Operation, _row.Id, _row.Fields, _row.Identifier, origin, _empty!.Of(_row));

    private void Fail(Failure failure)
    {
        _import!.IsIncomplete = true;
        this.WriteError(failure);
    }
}
