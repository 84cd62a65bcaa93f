using System.Management.Automation;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Files;
using ProfilesModule.Import;
using ProfilesModule.Mapping;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Commands;

/// <summary>The base of the cmdlets that import files and queries. Always ends with one summary.</summary>
public abstract partial class ImportCommand : DeliveryCommand, IDynamicParameters
{
    private ImportRun? _import;
    private RowSource? _source;
    private MappedParameters _mapped = MappedParameters.None;
    private TrailPaths _trail = new(null, null, null, null);
    private Partition? _partition;
    private Exception? _unexpected;

    /// <summary>Checks that there is a connection, and that the parameters can be used together.</summary>
    protected override void BeginProcessing() => Guard(() =>
    {
        try
        {
            if (ServiceProblem is { } problem)
                throw new FailureException(problem);
            if (Resume && JournalPath is null)
                throw new FailureException(Failures.JournalNeeded);
            _partition = PartitionUse.Of(this, Partition, PartitionCount);
            _trail = new(
                Written(JournalPath, "-JournalPath"),
                Written(RejectPath, "-RejectPath"),
                Written(LogPath, "-LogPath"),
                Written(StatePath, "-StatePath"));
            if (_trail.Written.GroupBy(TrailPaths.Target, TrailPaths.Comparer).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new FailureException(Failures.PathUsedTwice(twice.First()));
            _mapped = MappedParameters.Set(this, MappingPath, ShapingParameters);
            if (Records.GroupKey is not null && !Operation.IsForGroups())
                throw new FailureException(Failures.OperationNotForGroups(Operation));
            PrepareRemoval();
            _source = CreateSource();
            _import = NewImport();
        }
        catch (FailureException e)
        {
            this.WriteError(_mapped.Locate(e.Failure));
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
        catch (Exception) when (!Stopping && !StopToken.IsCancellationRequested)
        {
            // -ErrorAction Stop: EndProcessing will not be called, and the summary is owed all the same.
            _import.Abandon();
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
        if (!disposing)
            return;
        _import?.Dispose();
        _backup?.Dispose();
    }

    private protected override DeliveryOptions Options => base.Options with
    {
        MaxParseErrors = Files.MaxParseErrors == 0 ? null : Files.MaxParseErrors,

        // Behind the key of the last row with an outcome there must be none with one.
        MaxConcurrency = _source is { ReadsFiles: false } && JournalPath is not null ? 1 : MaxConcurrency,
    };

    private protected override string NextStep => JournalPath is not null ? "Continue with the same command and -Resume."
        : StatePath is not null ? "Continue with the same command."
        : $"Import the rows {ResendHint([_import?.Operation ?? Operation])} An import with -JournalPath can be resumed with -Resume.";

    private protected override bool MayStartAgain => _import?.MayStartAgain ?? true;

    // Also if every row had its outcome: the script did not go on.
    private protected override int InterruptedExitCode => _import?.ExitCode is (RunEnd.Stopped or RunEnd.TryLater) and var code ? code : base.InterruptedExitCode;

    /// <summary>The parameters for what is imported.</summary>
    public abstract object GetDynamicParameters();

    /// <summary>What kind of files the command imports.</summary>
    /// <exception cref="FailureException">Its parameters cannot be used together.</exception>
    private protected abstract RowSource CreateSource();

    /// <summary>The next inputs: paths of files, or the name of a query.</summary>
    private protected abstract IEnumerable<string> Inputs();

    /// <summary>What only imports of files can do.</summary>
    private protected virtual FileImport Files => new();

    /// <summary>A parameter of the command that cannot be used with a state; null for none.</summary>
    private protected virtual string? UnfitForState => null;

    private StateUse State => new(_trail.State, Full, MaxStateAge, RemoveMissingProperty) { RemovesProfiles = RemoveMissing };

    /// <summary>The files of paths that the user gave, without those that the import writes.</summary>
    private protected IEnumerable<string> Resolve(string[] paths, string[] literalPaths)
    {
        var isLiteral = ParameterSetName == LiteralPathSet;
        return (isLiteral ? literalPaths : paths).SelectMany(path => InputPath.Resolve(this, path, isLiteral, Fail, _trail.Contains));
    }

    // What one profile is called.
    private string Noun => Records.GroupKey is null ? "user profile" : "group profile";

    /// <summary>The usual names of what holds the identifier.</summary>
    private protected IReadOnlyList<string> IdentifierNames => ProfileFields.IdNames(Records.GroupKey);

    /// <summary>What every record carries.</summary>
    private protected abstract RecordOptions Records { get; }

    private object[] ShapingParameters => [this, GetDynamicParameters()];

    private protected override void Interrupt()
    {
        _import?.Interrupt();

        // Unlike after Ctrl+C nobody waits, so that replies count for a while: what would count twice need not end as unknown.
        Run?.AwaitReplies(EndingSignals.ReplyGrace);
        base.Interrupt();
    }

    private ImportRun NewImport()
    {
        Run = new(this, Options.MaxConcurrency, StopToken, _trail.Rejects);
        var streams = Run.ImportEvents(Confirm);
        var events = streams with { Started = Started, Fail = failure => streams.Fail(_mapped.Locate(failure)) };
        var options = new ImportOptions
        {
            Operation = Operation,
            TakesRequested = !MyInvocation.BoundParameters.ContainsKey(nameof(Operation)),
            Rules = new() { IsStrict = Strict, AllowsAnyIdentifier = AllowAnyIdentifier, IsForGroups = Records.GroupKey is not null },
            Delivery = Options,
            Records = Records,
            Partition = _partition,
            Unique = Files.Unique,
            SkipsSuperseded = Files.SkipSuperseded,
            Mode = IsWhatIf ? ImportMode.Count : IsConfirming ? ImportMode.CountAndSend : ImportMode.Send,
            Transport = Service.Transport(TimeProvider.System, Records.GroupKey is not null),
            Endpoint = Service.Endpoint,
            Token = Service.SecretToken,
            Trail = _trail,
            State = State.Options(Operation, JournalPath is not null ? "-JournalPath" : UnfitForState),
            TestConnection = cancellation => StateUse.TestAsync(Service, events.Warn, cancellation),
            Resume = Resume,
            Parameters = ParameterValues.Of(
                this,
                [nameof(Operation), nameof(AllowAnyIdentifier), nameof(Strict)],
                ShapingParameters).With(_partition),
        };
        var readsAgain = JournalPath is not null ? "-JournalPath"
            : Files.Unique ? "-Unique"
            : IsConfirming && !IsWhatIf ? "-Confirm"
            : null;
        return new(options, events, new(() => StandardInput.Open(Host), StopToken) { ReadsAgain = readsAgain }, StopToken);
    }

    private void ImportNext()
    {
        var inputs = Inputs().ToArray();
        if (_import!.Progress is null)
            Run!.Input = _import.Progress = new(MyInvocation.ExpectingInput ? null : InputProgress.LengthOf(inputs));
        foreach (var input in inputs)
            Run!.Produce(() => _import.ImportAsync(_source!, input));
    }

    private void Complete()
    {
        if (_import is null)
            return;
        if (_import.Progress is null && _unexpected is null)
            Fail(Failures.NoFile);
        Run!.Complete();
        Run.WriteRestOfErrors();
        RemoveMissingProfiles();
        Run.Produce(() =>
        {
            _import.Finish(Service);
            return Task.CompletedTask;
        });
        IsCompleted = true;
    }

    /// <summary>
    /// Keeps an unexpected exception for the end, where it becomes an error that does not throw: otherwise the summary would be
    /// missing, and a job that takes its exit code from there would report success. Only a stopped pipeline and -ErrorAction Stop
    /// throw.
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

    private string Unchanged(DeliveryAccount counted) => StatePath is null ? "" : $", {Phrase.Number(counted.Unchanged)} unchanged";

    private bool Confirm(string file, DeliveryAccount? counted) => ShouldProcess(file, counted is null
        ? $"Import {Noun}s"
        : $"Import {Noun}s ({Phrase.Count(counted.Accepted, "update")} in {Phrase.Count(counted.Requests, "request")}, "
            + $"{Phrase.Count(counted.Rejected, "row")} rejected{Unchanged(counted)})");

    private void Fail(Failure failure)
    {
        _import!.IsIncomplete = true;
        this.WriteError(failure);
    }

    private void WriteSummary()
    {
        try
        {
            foreach (var warning in Stopping ? [] : _import?.WarningsAtEnd ?? [])
                this.Warn(warning);
        }
        finally
        {
            WriteObject(new ImportResult(_import, Run?.Elapsed ?? TimeSpan.Zero));
        }
    }

    /// <summary>The full path of a file that the import writes.</summary>
    private string? Written(string? path, string parameter) =>
        PartitionChoice.PathFor(path, parameter, _partition) is { } own ? OutputPath.OfOwnFile(this, own) : null;
}

/// <summary>What only imports of files can do.</summary>
/// <param name="Unique">Whether only the last row of each identifier of a file is sent.</param>
/// <param name="SkipSuperseded">Whether rows of a reject file are left out of which a later one was sent.</param>
/// <param name="MaxParseErrors">After how many rows that cannot be parsed the import ends; 0 for no limit.</param>
internal readonly record struct FileImport(bool Unique, bool SkipSuperseded, int MaxParseErrors);
