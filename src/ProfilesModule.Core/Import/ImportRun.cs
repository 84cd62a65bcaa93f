using System.Text;
using System.Text.Json.Nodes;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Import;

/// <summary>
/// One import: the rows of its files, one file after the other, checked, counted or sent as one run, and what the run leaves on disk.
/// A file that cannot be imported is reported and costs no other. Not thread-safe: one call at a time.
/// </summary>
internal sealed partial class ImportRun : IDisposable
{
    private ImportOptions _options;
    private readonly ImportEvents _events;
    private readonly FileInputs _inputs;
    private readonly RuleWarnings? _warnings;
    private readonly CancellationToken _stop;
    private readonly List<string> _files = [];
    private readonly DeliveryAccount _counted = new();
    private ImportTrail? _trail;
    private UpdateSender? _sender;
    private bool _hasBrokenOff;
    private bool _hasOperation;
    private bool _hasTemporaryFailure;
    private bool _isPartial;
    private Task<SyncState>? _opening;

    /// <param name="options">What it does.</param>
    /// <param name="events">Who takes its reports.</param>
    /// <param name="inputs">Opens its files.</param>
    /// <param name="stop">Ends it.</param>
    public ImportRun(ImportOptions options, ImportEvents events, FileInputs inputs, CancellationToken stop)
    {
        (_options, _events, _inputs, _stop) = (options, events, inputs, stop);
        Rules = new(options.Rules);
        _warnings = options.Mode == ImportMode.Test ? null : new(Rules, options.Rules.IsStrict, events.Warn);
    }

    /// <summary>What the rows do to their profiles.</summary>
    public Operation Operation => _options.Operation;

    /// <summary>The part of the rows that is imported; null for all.</summary>
    public Partition? Partition => _options.Partition;

    /// <summary>What the rows are checked against, with what was found.</summary>
    public RowRules Rules { get; }

    /// <summary>The files whose rows were read.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>The outcomes of the rows, including those of earlier runs of the journal.</summary>
    public DeliveryAccount Account => _sender?.Account ?? (IsFinished ? Earlier : _counted);

    /// <summary>The outcomes of earlier runs of the journal.</summary>
    public DeliveryAccount Earlier => _trail?.Earlier ?? new();

    /// <summary>Whether the journal says that every row has its outcome.</summary>
    public bool IsFinished => Trail?.Journal?.WasFinished == true;

    /// <summary>Whether something could not be imported.</summary>
    public bool IsIncomplete { get; set; }

    /// <summary>How far the files were read; null until that is known.</summary>
    public InputProgress? Progress { get; set; }

    private DeliveryTrail? Trail => _trail?.Trail;

    private bool KeepsUnsent => Trail?.KeepsUnsent == true && !_isInterrupted && !_stop.IsCancellationRequested;

    /// <summary>Imports one file.</summary>
    /// <param name="source">What kind of file it is.</param>
    /// <param name="path">Its full path, or - for standard input.</param>
    public async Task ImportAsync(RowSource source, string path)
    {
        if (_hasBrokenOff || (_sender?.IsEnding == true && !KeepsUnsent))
            return;
        _mayLog &= !_options.Trail.Contains(path);
        Progress?.Begin(path);

        // While the file is opened: to read a large state takes as long.
        if (_options.Mode == ImportMode.Send && !_options.Trail.Contains(path))
            _ = OpenState();
        (source.Warn, source.Inform, source.Partition) = (_events.Warn, _events.Inform, _options.Partition);
        try
        {
            var input = source.ReadsFiles ? _inputs.Next(path) : new(source.IdentityOf(path), 0, default);
            if (_options.Mode == ImportMode.Test)
                _files.Add(path);
            using var file = source.Open(path, source.ReadsFiles ? _inputs.Once : null);
            TakeOperation(file);
            if (file.Check(Rules) is { } refused && _options.Mode != ImportMode.Test)
                throw new FailureException(Failures.ColumnRefused(refused, path));
            _options.Statistics?.Expect(file.Columns);
            if (await IsConfirmedAsync(file).ConfigureAwait(false))
                await SendAsync(file, input with { Types = file.InferredTypes }).ConfigureAwait(false);
            else
                _isPartial = _options.Mode != ImportMode.Count;
        }
        catch (Exception e) when (FileInputs.FailureOf(e, path, source.NotReadable) is { } failure)
        {
            Fail(failure);
        }
    }

    /// <summary>Starts sending; what is written from then on is sent.</summary>
    public UpdateWriter Start()
    {
        if (Writer is not null)
            return Writer;
        var events = _options.Statistics is { } statistics ? _events.Delivery with { RowWritten = statistics.Add } : _events.Delivery;
        _sender = new(_options.Transport, _options.Delivery, events, TimeProvider.System, Trail);
        Trail?.Start();
        Writer = new(_sender, _options.Token, _options.Records);
        _events.Started(_sender, Writer);
        return Writer;
    }

    /// <summary>Writes the updates; null until the run has started.</summary>
    public UpdateWriter? Writer { get; private set; }

    /// <summary>Releases what was opened. Whoever was told of the start disposes of the sender, and with it of the trail.</summary>
    public void Dispose()
    {
        LogFailure();
        DisposeRemoval();
        _counting?.Dispose();
        if (_sender is null)
            Trail?.Dispose();
        if (_opening is not null && Trail is null)
            DisposeState(_opening);
        _inputs.Dispose();
    }

    private Task<SyncState>? OpenState() => _options.State is not { } options ? null
        : _opening ??= Task.Run(() => options.OpenState(_options.StateSubject, writes: true), CancellationToken.None);

    private static void DisposeState(Task<SyncState> opening)
    {
        Task.WaitAny(opening);
        if (opening.IsCompletedSuccessfully)
            opening.Result.Dispose();
    }

    /// <summary>Does what the requests of the first file say, if the user did not; those of another file must say the same.</summary>
    private void TakeOperation(SourceFile file)
    {
        var operation = file.Requested ?? (_options.TakesRequested ? Operation.Set : _options.Operation);
        if (operation != _options.Operation && (_hasOperation || !_options.TakesRequested))
        {
            var other = Failures.OtherOperation(operation, _options.Operation);
            throw new FailureException(Failures.RequestRefused(other, file.Input.Path, file.Line));
        }

        _hasOperation = true;
        if (_options.State is not null && !operation.IsRepeatable())
            throw new FailureException(Failures.StateNotForOperation(operation));
        if (operation == _options.Operation)
            return;
        var parameters = new Dictionary<string, JsonNode?>(_options.Parameters) { [nameof(Operation)] = operation.ToString() };
        _options = _options with { Operation = operation, Parameters = parameters };
    }

    private async Task SendAsync(SourceFile file, JournalInput input)
    {
        if (_options.Trail.All.Any())
        {
            if (_options.Trail.All.FirstOrDefault(own => TrailPaths.AreSame(own, input.Path)) is { } used)
                throw new FailureException(Failures.PathUsedTwice(used));
            _trail ??= new(_options, file, () => OpenState()?.GetAwaiter().GetResult(), _events.Warn, _stop);
            _trail.Begin(file, input);
            if (Trail?.State is { } compared)
                compared.Progress = () => Progress?.Fraction;
            if (Trail?.State is { IsTested: false } state)
            {
                // If it fails, it need not be tested for each file.
                _hasBrokenOff = true;
                await _options.TestConnection(_stop).ConfigureAwait(false);
                state.Tested();
                _hasBrokenOff = false;
            }
        }

        if (_options.Mode != ImportMode.Test)
            _files.Add(input.Path);
        if (IsFinished)
            return;
        var writer = Start();
        if (Trail?.Journal is { } journal && file.Keyed is { } rows)
            writer.BeginBehind(journal.ContinueBy(rows));
        await SendRowsAsync(file, _sender!, writer, Rules, isReported: true).ConfigureAwait(false);
        if (!_sender!.IsEnding && file.Input.Source.ReadsFiles && _inputs.HasChanged(input))
            BreakOff(Failures.FileChanged(input.Path));
    }

    private async Task SendRowsAsync(SourceFile file, UpdateSender sender, UpdateWriter writer, RowRules rules, bool isReported)
    {
        var path = file.Input.Path;
        var updates = new FileUpdates(file, _options.Operation, writer, rules)
        {
            Rejected = isReported ? _events.RowRejected : null,
            Advanced = sender == _sender && Progress is { } progress ? progress.Advanced : null,
            IsStopped = () => sender.IsEnding,
            SkipsSuperseded = _options.SkipsSuperseded,
        };
        _inputs.StopKeeping();
        using var ending = sender.Ending.Register(file.Interrupt);
        try
        {
            if (_options.Unique)
            {
                using var again = file.Reopen();
                updates.SendOnlyLastRows(again, _stop);
            }

            await updates.WriteAllAsync(_stop).ConfigureAwait(false);
            if (sender == _sender && sender.IsEnding && KeepsUnsent)
            {
                // In input order, so what the sender still has of this file comes first.
                await writer.CompleteAsync().ConfigureAwait(false);
                updates.KeepRest(_stop);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or DecoderFallbackException)
        {
            BreakOff(file.Input.Source.NotReadable(e, path));
        }

        sender.Ledger.LeftToOthers(updates.OtherPartitions);
        if (isReported && updates is { HasRows: false, OtherPartitions: 0 } && !sender.IsEnding && !_stop.IsCancellationRequested)
            _events.Warn($"The {file.Input.Source.Noun} '{path}' has no rows.");
        foreach (var warning in isReported && !sender.IsEnding ? file.Warnings : [])
            _events.Warn(warning);
        if (isReported && updates.Superseded > 0 && _options.Mode != ImportMode.Test)
            _events.Warn($"{Phrase.Count(updates.Superseded, "row")} of the file '{path}' {(updates.Superseded == 1 ? "is" : "are")} "
                + "older than a row of the same profile that was already sent, and may restore older values. -SkipSuperseded leaves out "
                + "such rows.");
    }

    // A journal identifies rows by their numbers, and those behind a file whose end is not known have none.
    private void BreakOff(Failure failure)
    {
        _hasBrokenOff = Trail?.Journal is not null;
        Fail(failure);
    }

    private void Fail(Failure failure)
    {
        _hasTemporaryFailure = failure.IsTemporary && (!IsIncomplete || _hasTemporaryFailure);
        _mayLog &= failure.Id is not ErrorId.JournalInUse;
        IsIncomplete = true;
        _events.Fail(failure);
    }
}
