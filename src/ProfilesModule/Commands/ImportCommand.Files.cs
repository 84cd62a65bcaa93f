using System.Management.Automation;
using System.Text;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Files;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

public abstract partial class ImportCommand
{
    /// <summary>The parameter set of paths that may have wildcards.</summary>
    protected const string PathSet = "Path";

    /// <summary>The parameter set of exact paths.</summary>
    protected const string LiteralPathSet = "LiteralPath";

    private readonly List<string> _files = [];
    private readonly IdentifierSet _identifiers = new();
    private DeliveryAccount _previewed = new();
    private InputProgress? _progress;
    private RuleWarnings? _warnings;
    private FileInputs? _inputs;
    private bool _incomplete;
    private bool _isReady;
    private bool _brokeOff;
    private Exception? _unexpected;

    /// <summary>
    /// The files to import, as one run; wildcards are allowed, and stand for files in the order of their names, without those
    /// that the import itself writes. Files that are compressed with gzip, as .csv.gz are, are known by their
    /// content. A dash (-) is the standard input of pwsh, unless it is a terminal or PowerShell reads it for itself. It
    /// and pipes can be read only once, so they do not go with -JournalPath, -Unique and -Confirm.
    /// </summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>The files to import, by their exact names.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>What the properties of a row mean: Set ($set), SetOnce, Add, Append, Union or Remove. Default Set. Only numbers are added.</summary>
    [Parameter]
    [ValidateSet(nameof(Model.Operation.Set), nameof(Model.Operation.SetOnce), nameof(Model.Operation.Add), nameof(Model.Operation.Append), nameof(Model.Operation.Union), nameof(Model.Operation.Remove))]
    public Operation Operation { get; set; } = Operation.Set;

    /// <summary>Takes placeholders such as null, unknown or 0 for distinct ids. By default such rows are refused, since they would all change one profile.</summary>
    [Parameter]
    public SwitchParameter AllowAnyIdentifier { get; set; }

    /// <summary>Refuses the rows that break a rule which otherwise only warns. about_ProfilesModule_Rules has the rules.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>
    /// Sends only the last row of each identifier of a file, for which the file is read twice; the rows before it count as
    /// skipped. By default every row is sent, in order.
    /// </summary>
    [Parameter]
    public SwitchParameter Unique { get; set; }

    /// <summary>
    /// How many rows that cannot be parsed end the import, since the file may not be what it is taken for: rows of CSV that have
    /// another number of fields and are not taken by -MismatchedFieldAction, or whose quotes are not in order, lines that are no
    /// JSON, bytes that are not of the encoding, and damaged rows of a reject file. They count for -MaxFailure too. Default: any
    /// number of rows may. An import that is resumed counts anew.
    /// </summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxParseErrors { get; set; }

    /// <summary>
    /// Leaves out the rows of a reject file of which it says that a later row of the same profile was sent: they would set older
    /// values. They count as skipped. By default they are sent, with a warning that has their number.
    /// </summary>
    [Parameter]
    public SwitchParameter SkipSuperseded { get; set; }

    /// <summary>Makes sure that there is a connection, and that the parameters go together.</summary>
    protected override void BeginProcessing()
    {
        Guard(() =>
        {
            if ((ServiceProblem ?? TrailProblem ?? OptionProblem) is { } problem)
                Fail(problem);
        });
        _isReady = !_incomplete;
    }

    /// <summary>Imports the next files.</summary>
    protected override void ProcessRecord()
    {
        if (!_isReady)
            return;
        try
        {
            Guard(ImportNext);
        }
        catch (Exception) when (!Stopping)
        {
            // -ErrorAction Stop: EndProcessing will not be called, and the account is owed all the same.
            _incomplete = true;
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
                Fail(Errors.ImportFailed(unexpected, Run?.Account ?? new()));
        }
        finally
        {
            WriteSummary();
        }
    }

    /// <summary>Imports the files that the command was given or that came through the pipeline.</summary>
    private void ImportNext()
    {
        var files = (ParameterSetName == LiteralPathSet ? LiteralPath : Path)
            .SelectMany(path => InputPath.Resolve(this, path, ParameterSetName == LiteralPathSet, Fail, IsOfTrail)).ToArray();
        _progress ??= new(MyInvocation.ExpectingInput ? null : InputProgress.LengthOf(files));
        foreach (var file in files)
        {
            if (_brokeOff || (Run?.IsEnding == true && !KeepsUnsent))
                break;
            _progress.Begin(file);
            Import(file);
        }
    }

    /// <summary>Waits for the outcome of every row.</summary>
    private void Complete()
    {
        CompleteRun();
        Run?.WriteRestOfErrors();
        if (Run is { Stop: null, Trail.Journal.MissingInput: { } missing } && !_incomplete && !Stopping)
            Fail(Errors.JournalMismatch(new InvalidDataException($"the import is not finished: it also has the file '{missing}', which was not given"), JournalPath!));
        Run?.Trail?.Finish(Run.Account, Run.Stop, !_incomplete && !Run.IsEnding && !Stopping);
        if (Run?.Stop is { } stop)
            WriteError(Errors.Stopped(stop, Service, Run.Account));
    }

    /// <summary>
    /// Keeps what nobody expected for the end, where it becomes an error that does not throw: else the summary would be missing, and a
    /// job that takes its exit code from there would report success. Only a pipeline that is stopped and -ErrorAction Stop leave by throwing.
    /// </summary>
    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (!Stopping && e is not (PipelineStoppedException or ActionPreferenceStopException or FlowControlException))
        {
            _isReady = false;
            _unexpected ??= e;
            Run?.StopSending();
        }
    }

    private protected override DeliveryOptions Options => base.Options with { MaxParseErrors = MaxParseErrors == 0 ? null : MaxParseErrors };

    private protected override string NextStep => JournalPath is not null
        ? "Go on with the same command and -Resume."
        : $"Import the rows {OnceMore([Operation])} An import with -JournalPath can go on where it was stopped, by -Resume.";

    /// <summary>Why the parameters of the command do not go together; null when they do.</summary>
    private protected abstract ErrorRecord? OptionProblem { get; }

    /// <summary>What one profile is called in a question.</summary>
    private protected abstract string Noun { get; }

    /// <summary>What every record carries.</summary>
    private protected abstract RecordOptions Records { get; }

    /// <summary>How rows of the files are named to the user.</summary>
    private protected abstract RowDescription Rows { get; }

    /// <summary>What is read.</summary>
    private protected FileInputs Inputs => _inputs ??= new(this, StopToken)
    {
        ReadsAgain = () => JournalPath is not null ? "-JournalPath" : Unique ? "-Unique" : IsConfirming && !IsWhatIf ? "-Confirm" : null,
    };

    /// <summary>Imports one file.</summary>
    private protected abstract void Import(string file);

    /// <summary>What is wrong with a file that cannot be read on.</summary>
    private protected abstract ErrorRecord NotReadable(Exception exception, string file);

    /// <summary>Opens a file; null, after an error, when that cannot be.</summary>
    /// <param name="file">The file.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="input">The file as it is now.</param>
    private protected T? Opened<T>(string file, Func<T> open, out JournalInput input)
        where T : class
    {
        input = new(file, 0, default);
        try
        {
            if (Inputs.Take(file) is { } unfit)
            {
                Fail(unfit);
                return null;
            }

            var reader = open();
            input = Inputs.Taken(file);
            return reader;
        }
        catch (Exception e) when (FileInputs.IsUnreadable(e))
        {
            Fail(FileInputs.Problem(e, file, NotReadable));
            return null;
        }
    }

    /// <summary>Asks once a file, and names what the answer is about; only who is asked has to wait for it to be counted.</summary>
    /// <param name="file">The file.</param>
    /// <param name="send">Sends it to a run that only counts, and holds its rows to rules.</param>
    private protected bool Confirmed(string file, Action<DeliveryRun, RowRules, IdentifierSet> send)
    {
        if (!IsWhatIf && !IsConfirming)
            return ShouldProcess(file, $"Import {Noun}s");
        using var preview = new DeliveryRun(this, Rows, new AcceptingTransport(), "", Options with { MaxUpdatesPerSecond = null, MaxFailure = null, MaxParseErrors = null, Timeout = null }, StopToken)
        {
            ReportsRequests = false,
            ReportsRejections = IsWhatIf,
        };
        send(preview, IsWhatIf ? WarningsTo(preview.Warn) : new(RuleOptions), IsWhatIf ? _identifiers : new());
        preview.Complete();
        var account = preview.Account;
        if (IsWhatIf)
            _previewed = _previewed.Plus(new() { Read = account.Read, Rejected = account.Rejected, Skipped = account.Read - account.Rejected });
        return ShouldProcess(file, $"Import {Noun}s ({Errors.Count(account.Accepted, "update")} in {Errors.Count(account.Requests, "request")}, {Errors.Count(account.Rejected, "row")} rejected)");
    }

    /// <summary>Begins the trail of a file and sends it.</summary>
    /// <param name="input">The file.</param>
    /// <param name="header">Its columns, in a reject file.</param>
    /// <param name="send">Sends it to a run, and holds its rows to rules.</param>
    /// <param name="readRejects">Reads the rows of a reject file that an earlier run wrote.</param>
    private protected void Send(JournalInput input, IReadOnlyList<string> header, Action<DeliveryRun, RowRules, IdentifierSet> send, Func<string, IEnumerable<KeptRow>> readRejects)
    {
        if (BeginTrail(input, header, readRejects) is { } problem)
        {
            Fail(problem);
            return;
        }

        _files.Add(input.Path);
        if (IsFinished)
            return;
        var run = StartRun(Rows, Records, trail: Trail);
        run.Input = _progress;
        send(run, WarningsTo(run.Warn), _identifiers);
        if (!run.IsEnding && Inputs.HasChanged(input))
            BreakOff(Errors.FileChanged(input.Path));
    }

    /// <summary>Sends the rows of a file, and keeps those that are not sent where they have to be kept.</summary>
    /// <param name="run">What sends them.</param>
    /// <param name="file">The file.</param>
    /// <param name="updates">Its rows.</param>
    /// <param name="findLastRows">Finds the last row of each identifier, where only those are sent.</param>
    private protected void Send(DeliveryRun run, string file, FileUpdates updates, Action findLastRows)
    {
        try
        {
            if (Unique)
                run.Produce(() => Done(findLastRows));
            run.Produce(() => updates.WriteAllAsync(StopToken));
            if (run.IsEnding && KeepsUnsent)
            {
                // In input order, so what the run still has of this file comes first.
                run.Complete();
                run.Produce(() => Done(() => updates.KeepRest(StopToken)));
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or DecoderFallbackException)
        {
            BreakOff(NotReadable(e, file));
        }

        if (updates.Superseded > 0 && run.ReportsRejections)
            this.Warn($"{Errors.Count(updates.Superseded, "row")} of the file '{file}' {(updates.Superseded == 1 ? "is" : "are")} older than a row of the same profile that was sent before, and may set older values again. -SkipSuperseded leaves such rows out.");
    }

    private protected RuleOptions RuleOptions => new() { IsStrict = Strict, AllowsAnyIdentifier = AllowAnyIdentifier, IsForGroups = Records.GroupKey is not null };

    private protected RowRules WarningsTo(Action<string> warn)
    {
        Warnings.TellTo(warn);
        return Warnings.Rules;
    }

    // What follows this error is not lost with it: the summary must reach the job that reads ExitCode from it.
    private protected void Fail(ErrorRecord error)
    {
        _incomplete = true;
        WriteError(error);
    }

    private RuleWarnings Warnings => _warnings ??= new(RuleOptions);

    private static Task Done(Action work)
    {
        work();
        return Task.CompletedTask;
    }

    // A journal tells rows apart by their number, so what follows a file whose end nobody knows has none yet.
    private void BreakOff(ErrorRecord error)
    {
        _brokeOff = Trail?.Journal is not null;
        Fail(error);
    }

    private void WriteSummary()
    {
        try
        {
            if (!Stopping)
                Warnings.TellCounts(this.Warn);
        }
        finally
        {
            var account = Run?.Account ?? (IsFinished ? Earlier : _previewed);
            WriteObject(new ImportResult(_files, account, Run?.Elapsed ?? TimeSpan.Zero, _incomplete || Run?.IsEnding == true, !_incomplete && Run?.Stop is { IsTemporary: true }, Earlier, _identifiers.Repeated, Warnings.Findings));
        }
    }
}
