using System.Management.Automation;
using System.Text;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Files;
using ProfilesModule.Isolation;
using ProfilesModule.Pipeline;
using ProfilesModule.Rows;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Commands;

/// <summary>The base of the cmdlets that import CSV files. Always ends with one summary.</summary>
public abstract partial class ImportCsvCommand : ImportCommand, ICsvShape
{
    /// <summary>The parameter set of paths that may have wildcards.</summary>
    protected const string PathSet = "Path";

    /// <summary>The parameter set of exact paths.</summary>
    protected const string LiteralPathSet = "LiteralPath";

    private readonly List<string> _files = [];
    private readonly IdentifierSet _identifiers = new();
    private DeliveryAccount _previewed = new();
    private RuleWarnings? _warnings;
    private CsvInputs? _inputs;
    private CsvPlanning? _planning;
    private bool _incomplete;
    private bool _isReady;
    private bool _brokeOff;

    /// <summary>Makes sure that there is a connection and a delimiter that serves.</summary>
    protected override void BeginProcessing()
    {
        if (ServiceProblem is { } problem)
            Fail(problem);
        else if (TrailProblem is { } trailProblem)
            Fail(trailProblem);
        else if (OptionProblem is { } unfit)
            Fail(unfit);
        else if (UnfitOption is { } option)
            Fail(Errors.OptionNotForOperation(option, Operation));
        else if (!Columns.IsDelimited)
            Fail(Errors.InvalidDelimiter(Delimiter));
        _isReady = !_incomplete;
    }

    /// <summary>Imports the next files.</summary>
    protected override void ProcessRecord()
    {
        if (!_isReady)
            return;
        try
        {
            foreach (var path in ParameterSetName == PathSet ? Path : LiteralPath)
            {
                foreach (var file in InputPath.Resolve(this, path, ParameterSetName == LiteralPathSet, Fail, IsOfTrail))
                    Import(file);
            }
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
            Run?.Complete();
            if (Run is { Stop: null, Trail.Journal.MissingInput: { } missing } && !_incomplete && !Stopping)
                Fail(Errors.JournalMismatch(new InvalidDataException($"the import is not finished: it also has the file '{missing}', which was not given"), JournalPath!));
            Run?.Trail?.Finish(Run.Account, Run.Stop, !_incomplete && !Run.IsEnding && !Stopping);
            if (Run?.Stop is { } stop)
                WriteError(Errors.Stopped(stop, Service, Run.Account));
        }
        finally
        {
            WriteSummary();
        }
    }

    private void Import(string file)
    {
        if (_brokeOff || (Run?.IsEnding == true && !KeepsUnsent))
            return;
        ICsvReader reader;
        JournalInput input;
        try
        {
            if (Inputs.Take(file) is { } unfit)
            {
                Fail(unfit);
                return;
            }

            reader = Inputs.Open(file);
            input = Inputs.Taken(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            Fail(Errors.PathNotFound(e, file));
            return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or DecoderFallbackException)
        {
            Fail(Directory.Exists(file) ? Errors.NotAFile(file) : Errors.FileNotReadable(e, file));
            return;
        }

        using (reader)
        {
            if (Planning.Plan(file, reader) is not { } plan || !KeepsRules(file, plan) || !Confirmed(input, plan))
                return;
            var shown = RedactedReader.Of(reader, plan, Delimiter);
            if (BeginTrail(input with { Types = CsvPlanning.InferredTypes(plan) }, shown is RedactedReader redacted ? redacted.MarkedColumns : shown.Header) is { } trailProblem)
            {
                Fail(trailProblem);
                return;
            }

            _files.Add(file);
            if (IsFinished)
                return;
            var run = StartRun(new CsvRowDescription(Dependencies.Csv), Records, trail: Trail);
            Send(run, input, shown, plan, WarningsTo(run.Warn), _identifiers);
            if (!run.IsEnding && Inputs.HasChanged(input))
                BreakOff(Errors.FileChanged(file));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            _inputs?.Dispose();
    }

    /// <summary>The names of the column that holds the identifier, when none is named.</summary>
    private protected abstract IReadOnlyList<string> UsualIdentifiers { get; }

    /// <summary>Names of columns that serve as the identifier where there is none of the usual ones.</summary>
    private protected virtual IReadOnlyList<string> OtherIdentifiers => [];

    /// <summary>Whether the rows of a file without an identifier get random ones.</summary>
    private protected virtual bool MakesIdentifiers => false;

    /// <summary>Why the parameters of the command do not go together; null when they do.</summary>
    private protected virtual ErrorRecord? OptionProblem => null;

    /// <summary>What one profile is called in a question.</summary>
    private protected abstract string Noun { get; }

    /// <summary>What every record carries.</summary>
    private protected abstract RecordOptions Records { get; }

    private ICsvShape Columns => this;

    private CsvInputs Inputs => _inputs ??= new(this, this, StopToken) { ReadsAgain = () => JournalPath is not null ? "-JournalPath" : Unique ? "-Unique" : IsConfirming && !IsWhatIf ? "-Confirm" : null };

    private CsvPlanning Planning => _planning ??= new(this, this, Inputs, Fail) { UsualIdentifiers = UsualIdentifiers, OtherIdentifiers = OtherIdentifiers, MakesIdentifiers = MakesIdentifiers };

    private RuleOptions RuleOptions => new() { IsStrict = Strict, AllowsAnyIdentifier = AllowAnyIdentifier, IsForGroups = Records.GroupKey is not null };

    private RuleWarnings Warnings => _warnings ??= new(RuleOptions);

    private RowRules WarningsTo(Action<string> warn)
    {
        Warnings.TellTo(warn);
        return Warnings.Rules;
    }

    /// <summary>Whether the names of the properties keep the rules; an error or warnings when they do not.</summary>
    private bool KeepsRules(string file, ColumnPlan plan)
    {
        if (plan.Check(WarningsTo(WriteWarning), file) is not { } rejection)
            return true;
        Fail(Errors.ColumnRefused(rejection, file));
        return false;
    }

    /// <summary>Asks once a file, and names what the answer is about; only who is asked has to wait for it to be counted.</summary>
    private bool Confirmed(JournalInput input, ColumnPlan plan)
    {
        var file = input.Path;
        if (!IsWhatIf && !IsConfirming)
            return ShouldProcess(file, $"Import {Noun}s");
        using var reader = Inputs.Open(file, plan);
        using var preview = new DeliveryRun(this, new CsvRowDescription(Dependencies.Csv), new AcceptingTransport(), "", Options with { MaxUpdatesPerSecond = null, MaxFailure = null, MaxParseErrors = null, Timeout = null }, StopToken)
        {
            ReportsRequests = false,
            ReportsRejections = IsWhatIf,
        };
        Send(preview, input, reader, plan, IsWhatIf ? WarningsTo(preview.Warn) : new(RuleOptions), IsWhatIf ? _identifiers : new());
        preview.Complete();
        var account = preview.Account;
        if (IsWhatIf)
            _previewed = _previewed.Plus(new() { Read = account.Read, Rejected = account.Rejected });
        return ShouldProcess(file, $"Import {Noun}s ({Errors.Count(account.Accepted, "update")} in {Errors.Count(account.Requests, "request")}, {Errors.Count(account.Rejected, "row")} rejected)");
    }

    private void Send(DeliveryRun run, JournalInput input, ICsvReader reader, ColumnPlan plan, RowRules rules, IdentifierSet identifiers)
    {
        Inputs.KeepNoMore();
        var shown = new CsvInput(input.Path, Columns.Dialect, reader is RedactedReader redacted ? redacted.RowColumns : reader.Header);
        var updates = new CsvUpdates(reader, plan, Operation, run.Writer, shown, rules)
        {
            Rejected = run.Reject,
            Advanced = input.Length == 0 ? null : position => run.Progressed((int)Math.Min(100, position * 100 / input.Length)),
            IsStopped = () => run.IsEnding,
            Identifiers = identifiers,
        };
        try
        {
            if (Unique)
                run.Produce(() => FindLastRows(updates, input.Path, plan));
            run.Produce(() => updates.WriteAllAsync(StopToken));
            if (!run.IsEnding || !KeepsUnsent)
                return;

            // In input order, so what the run still has of this file comes first.
            run.Complete();
            run.Produce(() =>
            {
                updates.KeepRest(StopToken);
                return Task.CompletedTask;
            });
        }
        catch (Exception e) when (e is IOException or InvalidDataException or DecoderFallbackException)
        {
            BreakOff(Errors.FileNotReadable(e, input.Path));
        }
    }

    // A journal tells rows apart by their number, so what follows a file whose end nobody knows has none yet.
    private void BreakOff(ErrorRecord error)
    {
        _brokeOff = Trail?.Journal is not null;
        Fail(error);
    }

    private Task FindLastRows(CsvUpdates updates, string file, ColumnPlan plan)
    {
        using var reader = Inputs.Open(file, plan);
        updates.SendOnlyLastRows(reader, StopToken);
        return Task.CompletedTask;
    }

    private void WriteSummary()
    {
        if (!Stopping)
            Warnings.TellCounts(WriteWarning);
        var account = Run?.Account ?? (IsFinished ? Earlier : _previewed);
        WriteObject(new ImportResult(_files, account, Run?.Elapsed ?? TimeSpan.Zero, _incomplete || Run?.IsEnding == true, Earlier, _identifiers.Repeated, Warnings.Findings));
    }

    // What follows this error is not lost with it: the summary must reach the job that reads ExitCode from it.
    private void Fail(ErrorRecord error)
    {
        _incomplete = true;
        WriteError(error);
    }
}
