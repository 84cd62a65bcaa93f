using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Text;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Isolation;
using ProfilesModule.Pipeline;
using ProfilesModule.Rows;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Commands;

/// <summary>The base of the cmdlets that import CSV files. Always ends with one summary.</summary>
public abstract partial class ImportCsvCommand : ImportCommand
{
    /// <summary>The parameter set of paths that may have wildcards.</summary>
    protected const string PathSet = "Path";

    /// <summary>The parameter set of exact paths.</summary>
    protected const string LiteralPathSet = "LiteralPath";

    private readonly List<string> _files = [];
    private DeliveryAccount _previewed = new();
    private readonly IdentifierSet _identifiers = new();
    private bool _incomplete;
    private bool _isReady;
    private bool _warned;
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
        else if (!char.IsAscii(Delimiter) || Delimiter is '"' or '\r' or '\n' or '\0')
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
                foreach (var file in Resolve(path))
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
            reader = CsvImport.Open(Dependencies.Csv, file, Dialect);
            input = JournalInput.Of(file);
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
            var problem = CsvHeader.Check(file, reader.Header, IdentifierColumn, UsualIdentifiers, MakesIdentifiers ? [] : OtherIdentifiers, out var identifier, out var isGuess);
            if (problem is not null && !(MakesIdentifiers && problem.FullyQualifiedErrorId == nameof(ErrorId.IdentifierColumnNotFound)))
            {
                Fail(problem);
                return;
            }

            if (isGuess)
                WriteWarning($"The file '{file}' has no column that is known to hold the distinct id, so '{reader.Header[identifier]}' identifies its users. -IdentifierColumn says which column does.");
            var plan = Plan(file, reader, identifier, isGuess);
            if (InferType && plan is not null)
                plan = Inferred(file, plan);
            if (plan is null || !Confirmed(input, plan))
                return;
            var shown = RedactedReader.Of(reader, plan, Delimiter);
            if (BeginTrail(input with { Types = Types(plan) }, shown is RedactedReader redacted ? redacted.MarkedColumns : shown.Header) is { } trailProblem)
            {
                Fail(trailProblem);
                return;
            }

            _files.Add(file);
            if (IsFinished)
                return;
            var run = StartRun(new CsvRowDescription(Dependencies.Csv), Records, trail: Trail);
            Send(run, input, shown, plan, _identifiers);
            if (!run.IsEnding && File.Exists(file) && JournalInput.Of(file) != input)
                BreakOff(Errors.FileChanged(file));
        }
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

    /// <summary>Asks once a file, and names what the answer is about; only who is asked has to wait for it to be counted.</summary>
    private bool Confirmed(JournalInput input, ColumnPlan plan)
    {
        var file = input.Path;
        if (!IsWhatIf && !IsConfirming)
            return ShouldProcess(file, $"Import {Noun}s");
        using var reader = Open(file, plan);
        using var preview = new DeliveryRun(this, new CsvRowDescription(Dependencies.Csv), new AcceptingTransport(), "", Options with { MaxUpdatesPerSecond = null, MaxFailure = null, Timeout = null }, StopToken)
        {
            ReportsRequests = false,
            ReportsRejections = IsWhatIf,
        };
        Send(preview, input, reader, plan, IsWhatIf ? _identifiers : new());
        preview.Complete();
        var account = preview.Account;
        if (IsWhatIf)
            _previewed = _previewed.Plus(new() { Read = account.Read, Rejected = account.Rejected });
        return ShouldProcess(file, $"Import {Noun}s ({Errors.Count(account.Accepted, "update")} in {Errors.Count(account.Requests, "request")}, {Errors.Count(account.Rejected, "row")} rejected)");
    }

    private void Send(DeliveryRun run, JournalInput input, ICsvReader reader, ColumnPlan plan, IdentifierSet identifiers)
    {
        var length = Math.Max(1, input.Length);
        var shown = new CsvInput(input.Path, Dialect, reader is RedactedReader redacted ? redacted.RowColumns : reader.Header);
        var updates = new CsvUpdates(reader, plan, Operation, run.Writer, shown)
        {
            Rejected = run.Reject,
            Advanced = position => run.Progressed((int)Math.Min(100, position * 100 / length)),
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

    private ICsvReader Open(string file, ColumnPlan plan) => RedactedReader.Of(CsvImport.Open(Dependencies.Csv, file, Dialect), plan, Delimiter);

    private Task FindLastRows(CsvUpdates updates, string file, ColumnPlan plan)
    {
        using var reader = Open(file, plan);
        updates.SendOnlyLastRows(reader, StopToken);
        return Task.CompletedTask;
    }

    private void WriteSummary()
    {
        var account = Run?.Account ?? (IsFinished ? Earlier : _previewed);
        WriteObject(new ImportResult(_files, account, Run?.Elapsed ?? TimeSpan.Zero, _incomplete || Run?.IsEnding == true, Earlier, _identifiers.Repeated));
    }

    // What follows this error is not lost with it: the summary must reach the job that reads ExitCode from it.
    private void Fail(ErrorRecord error)
    {
        _incomplete = true;
        WriteError(error);
    }

    private IReadOnlyList<string> Resolve(string path)
    {
        try
        {
            ProviderInfo provider;
            Collection<string> files = ParameterSetName == PathSet
                ? GetResolvedProviderPathFromPSPath(path, out provider)
                : [SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out provider, out _)];
            if (provider.Name != "FileSystem")
                Fail(Errors.NotAFile(path));
            else if (files.Count == 0)
                Fail(Errors.PathNotFound(new ItemNotFoundException($"No file matches '{path}'."), path));
            else
                return files;
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException)
        {
            Fail(Errors.PathNotFound(e, path));
        }

        return [];
    }
}
