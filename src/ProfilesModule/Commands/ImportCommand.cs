using System.Management.Automation;
using ProfilesModule.Delivery;
using ProfilesModule.Files;
using ProfilesModule.Import;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Commands;

/// <summary>The base of the cmdlets that import files. Always ends with one summary.</summary>
public abstract class ImportCommand : DeliveryCommand
{
    /// <summary>The parameter set of paths that may have wildcards.</summary>
    protected internal const string PathSet = "Path";

    /// <summary>The parameter set of exact paths.</summary>
    protected internal const string LiteralPathSet = "LiteralPath";

    private ImportRun? _import;
    private RowSource? _source;
    private TrailPaths _trail = new(null, null, null);
    private Exception? _unexpected;

    /// <summary>
    /// The files to import, as one run. A wildcard matches files in the order of their names, except those that the import itself
    /// writes. Files that are compressed with gzip or Zstandard, such as .csv.gz and .csv.zst, are recognized by their
    /// content. A dash (-) is the standard input
    /// of pwsh, unless it is a terminal or PowerShell reads it itself. Standard input and pipes can be read only once, so they cannot
    /// be used with -JournalPath, -Unique and -Confirm.
    /// </summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The files to import, by their exact names, such as those of Get-ChildItem.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>
    /// What the properties of a row mean: Set ($set), SetOnce, Add, Append, Union or Remove. Default Set. If the
    /// first JSON file holds requests and you do not specify this parameter, their operation applies. Only numbers can be added. Append and
    /// Remove apply to each element of a list. With Append, Union and Remove, rows without a value count as skipped.
    /// </summary>
    [Parameter]
    [ValidateSet(nameof(Model.Operation.Set), nameof(Model.Operation.SetOnce), nameof(Model.Operation.Add), nameof(Model.Operation.Append), nameof(Model.Operation.Union), nameof(Model.Operation.Remove))]
    public Operation Operation { get; set; } = Operation.Set;

    /// <summary>Accepts placeholders such as null, unknown or 0 as distinct ids. By default, such rows are rejected, because they would all change one profile.</summary>
    [Parameter]
    public SwitchParameter AllowAnyIdentifier { get; set; }

    /// <summary>Rejects rows that break a rule that otherwise only causes a warning. See about_ProfilesModule_Rules.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>
    /// Sends only the last row of each identifier in a file. This requires reading the file twice, and memory for the identifiers. The
    /// rows before it count as skipped. By default, every row is sent, in order.
    /// </summary>
    [Parameter]
    public SwitchParameter Unique { get; set; }

    /// <summary>
    /// The number of rows that cannot be parsed after which the import ends, because the file may not have the expected format: CSV
    /// rows with unbalanced quotes or with more or fewer fields than -MismatchedFieldAction accepts, lines that are not JSON, bytes
    /// that are not valid in the encoding, and damaged rows of a reject file. They also count toward -MaxFailure. Default: no limit.
    /// A resumed import starts counting again.
    /// </summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxParseErrors { get; set; }

    /// <summary>
    /// Leaves out the rows of a reject file whose _error says that a later row of the same profile was sent, because they would restore
    /// older values. They count as skipped. By default, they are sent, and a warning states their number.
    /// </summary>
    [Parameter]
    public SwitchParameter SkipSuperseded { get; set; }

    /// <summary>
    /// A file in which the import records which rows have an outcome, so that it can be resumed after it was killed or stopped. It
    /// does not contain data of rows. A finished import is not started again.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? JournalPath { get; set; }

    /// <summary>
    /// Continues the import that the journal describes, without the rows that already have an outcome. The files, the parameters that
    /// shape updates, the token and the endpoint must be the same. Starts the import if there is no journal yet, so that a job can
    /// always specify it. If the import was killed, the service may still apply a request that was in flight, even after newer ones. If
    /// the last value of a profile matters, wait a minute before you resume.
    /// </summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>
    /// A file for the rows that were not accepted. It contains them unchanged, with _line, _error and _errorId. To try just these rows
    /// again, import it with the same command; rows marked OutcomeUnknown also require -RetryAmbiguous. The rows of a profile are in
    /// input order. If a later row of the profile was sent, _error says so, and -SkipSuperseded leaves out the older one. Without a
    /// journal, the file also contains the rows that are not sent because the import ends early. Rows of an earlier reject file at this
    /// path are kept next to it, in a file with the time in its name. Each ErrorId causes at most a hundred errors; one more error then
    /// states the number of the remaining rows, which are in the file.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RejectPath { get; set; }

    /// <summary>A log file. The import appends one line of JSON for each request and one at its end, without any data of rows.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? LogPath { get; set; }

    /// <summary>Checks that there is a connection, and that the parameters can be used together.</summary>
    protected override void BeginProcessing() => Guard(() =>
    {
        try
        {
            if (ServiceProblem is { } problem)
                throw new FailureException(problem);
            if (Resume && JournalPath is null)
                throw new FailureException(Failures.JournalNeeded);
            _trail = new(Written(JournalPath), Written(RejectPath), Written(LogPath));
            if (_trail.Written.GroupBy(TrailPaths.Target, TrailPaths.Comparer).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new FailureException(Failures.PathUsedTwice(twice.First()));
            _source = CreateSource();
            _import = NewImport();
        }
        catch (FailureException e)
        {
            this.WriteError(e.Failure);
        }
    });

    /// <summary>Imports the next files.</summary>
    protected override void ProcessRecord()
    {
        if (_import is null || _unexpected is not null)
            return;
        try
        {
            Guard(ImportNext);
        }
        catch (Exception) when (!Stopping)
        {
            // -ErrorAction Stop: EndProcessing will not be called, and the summary is owed all the same.
            _import.IsIncomplete = true;
            WriteSummary();
            throw;
        }
    }

    /// <summary>Waits for the outcome of every row and writes the summary.</summary>
    protected override void EndProcessing()
    {
        try
        {
            Guard(Complete);
            if (_unexpected is { } unexpected)
            {
                this.WriteError(Failures.ImportFailed(unexpected, (_import?.Account ?? new()).ToString()));
                if (_import is not null)
                    _import.IsIncomplete = true;
            }
        }
        finally
        {
            WriteSummary();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            _import?.Dispose();
    }

    private protected override DeliveryOptions Options => base.Options with { MaxParseErrors = MaxParseErrors == 0 ? null : MaxParseErrors };

    private protected override string NextStep => JournalPath is not null
        ? "Continue with the same command and -Resume."
        : $"Import the rows {ResendHint([_import?.Operation ?? Operation])} An import with -JournalPath can be resumed with -Resume.";

    /// <summary>What kind of files the command imports.</summary>
    /// <exception cref="FailureException">Its parameters cannot be used together.</exception>
    private protected abstract RowSource CreateSource();

    /// <summary>What one profile is called in a question.</summary>
    private protected abstract string Noun { get; }

    /// <summary>What every record carries.</summary>
    private protected abstract RecordOptions Records { get; }

    /// <summary>The objects whose parameters shape updates, beside those of all imports.</summary>
    private protected abstract IEnumerable<object> ShapingParameters { get; }

    private protected override void Interrupt()
    {
        _import?.Interrupt();
        base.Interrupt();
    }

    private ImportRun NewImport()
    {
        Run = new(this, new FileRowDescription(), Options.MaxConcurrency, StopToken, _trail.Rejects);
        var options = new ImportOptions
        {
            Operation = Operation,
            TakesRequested = !MyInvocation.BoundParameters.ContainsKey(nameof(Operation)),
            Rules = new() { IsStrict = Strict, AllowsAnyIdentifier = AllowAnyIdentifier, IsForGroups = Records.GroupKey is not null },
            Delivery = Options,
            Records = Records,
            Unique = Unique,
            SkipsSuperseded = SkipSuperseded,
            Mode = IsWhatIf ? ImportMode.Count : IsConfirming ? ImportMode.CountAndSend : ImportMode.Send,
            Transport = Service.Transport(TimeProvider.System, Records.GroupKey is not null),
            Endpoint = Service.Endpoint,
            Token = Service.SecretToken,
            Trail = _trail,
            Resume = Resume,
            Parameters = ParameterValues.Of(
                ParameterValues.Of(this, nameof(Operation), nameof(AllowAnyIdentifier), nameof(Strict), nameof(Unique), nameof(SkipSuperseded)),
                [.. ShapingParameters]),
        };
        var events = Run.ImportEvents(Confirm) with { Started = Started };
        var readsAgain = JournalPath is not null ? "-JournalPath" : Unique ? "-Unique" : IsConfirming && !IsWhatIf ? "-Confirm" : null;
        return new(options, events, new(() => StandardInput.Open(Host), StopToken) { ReadsAgain = readsAgain }, StopToken);
    }

    private void ImportNext()
    {
        var isLiteral = ParameterSetName == LiteralPathSet;
        var files = (isLiteral ? LiteralPath : Path).SelectMany(path => InputPath.Resolve(this, path, isLiteral, Fail, _trail.Contains)).ToArray();
        if (_import!.Progress is null)
            Run!.Input = _import.Progress = new(MyInvocation.ExpectingInput ? null : InputProgress.LengthOf(files));
        foreach (var file in files)
            Run!.Produce(() => _import.ImportAsync(_source!, file));
    }

    private void Complete()
    {
        if (_import is null)
            return;
        if (_import.Progress is null && _unexpected is null)
            Fail(Failures.NoFile);
        Run!.Complete();
        Run.WriteRestOfErrors();
        Run.Produce(() =>
        {
            _import.Finish(Service);
            return Task.CompletedTask;
        });
        IsCompleted = true;
    }

    /// <summary>
    /// Keeps an unexpected exception for the end, where it becomes an error that does not throw: otherwise the summary would be missing, and
    /// a job that takes its exit code from there would report success. Only a stopped pipeline and -ErrorAction Stop throw.
    /// </summary>
    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (!Stopping && e is not (PipelineStoppedException or ActionPreferenceStopException or FlowControlException))
        {
            _unexpected ??= e;
            Run?.StopSending();
        }
    }

    private bool Confirm(string file, DeliveryAccount? counted) => ShouldProcess(file, counted is null
        ? $"Import {Noun}s"
        : $"Import {Noun}s ({Phrase.Count(counted.Accepted, "update")} in {Phrase.Count(counted.Requests, "request")}, {Phrase.Count(counted.Rejected, "row")} rejected)");

    private void Fail(Failure failure)
    {
        _import!.IsIncomplete = true;
        this.WriteError(failure);
    }

    private void WriteSummary()
    {
        try
        {
            foreach (var warning in Stopping ? [] : _import?.WarningCounts ?? [])
                this.Warn(warning);
        }
        finally
        {
            WriteObject(new ImportResult(_import, Run?.Elapsed ?? TimeSpan.Zero));
        }
    }

    /// <summary>The full path of a file that the import writes.</summary>
    private string? Written(string? path) => path is null ? null : OutputPath.OfOwnFile(this, path);
}
