using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Import;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Pipeline;

/// <summary>One command's delivery: what its sender and its import report, brought to the streams of the command.</summary>
internal sealed class DeliveryRun : IDisposable
{
    // What Ctrl+C may cost at most, less a margin.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly PSCmdlet _command;
    private readonly RowErrors _errors;
    private readonly bool _showsDetails;
    private readonly int _maxConcurrency;
    private readonly CancellationToken _stop;
    private readonly PipelinePump _pump = new();
    private UpdateSender? _sender;
    private DeliveryProgress? _progress;
    private ITimer? _ticking;
    private Task _working = Task.CompletedTask;
    private Task _ending = Task.CompletedTask;
    private int _ticks;
    private bool _isCompleted;

    /// <param name="command">The command.</param>
    /// <param name="maxConcurrency">The most requests at once.</param>
    /// <param name="stop">Cancelled when the pipeline is stopped.</param>
    /// <param name="rejectPath">The reject file; null when the errors are all that is left of refused rows.</param>
    /// <param name="accepted">Takes every accepted update, on the pipeline thread; null for none.</param>
    public DeliveryRun(PSCmdlet command, int maxConcurrency, CancellationToken stop, string? rejectPath = null,
        Action<UpdateOrigin>? accepted = null)
    {
        (_command, _maxConcurrency, _stop) = (command, maxConcurrency, stop);
        _errors = new(command, rejectPath);
        _showsDetails = command.ShowsDetails();
        Events = new()
        {
            BatchSent = sent => _pump.Post(() => Write(sent)),
            Retrying = retrying => _pump.Post(() => Write(retrying)),
            UpdatesFailed = Report,
            UpdateAccepted = accepted is null ? null : origin => _pump.Post(() => accepted(origin)),
        };
    }

    /// <summary>What takes the reports of the sender.</summary>
    public DeliveryEvents Events { get; }

    /// <summary>Writes updates; null until the run has started.</summary>
    public UpdateWriter? Writer { get; private set; }

    /// <summary>Whether rows were rejected after the streams of the command were closed.</summary>
    public bool HasUnreported { get; private set; }

    public DeliveryAccount Account => _sender?.Account ?? new();
    public DeliveryStop? Stop => _sender?.Stop;
    public bool IsEnding => _sender?.IsEnding == true;
    public TimeSpan Elapsed => _progress?.Elapsed ?? TimeSpan.Zero;

    /// <summary>Whether rows that were read are sent if the pipeline ends before its input; not where a file is read.</summary>
    public bool SendsRest { get; init; }

    /// <summary>Whether rows that are refused before sending are errors.</summary>
    public bool ReportsRows { get; init; } = true;

    /// <summary>What the rows are read from; null for the pipeline.</summary>
    public InputProgress? Input { get; set; }

    /// <summary>What takes the reports of an import.</summary>
    /// <param name="confirm">Asks whether a file is to be imported.</param>
    public ImportEvents ImportEvents(Func<string, DeliveryAccount?, bool> confirm) => new()
    {
        Warn = message => _pump.Post(() => _command.Warn(message)),

        // As Write-Host does: it is shown, and can be redirected.
        Inform = message => _pump.Post(() => _command.WriteInformation(new HostInformationMessage { Message = message }, ["PSHOST"])),
        Fail = failure => _pump.Post(() => _command.WriteError(failure)),
        RowRejected = ReportsRows ? Reject : null,
        Confirm = (file, counted) => _pump.AskAsync(() => confirm(file, counted)),
        Delivery = Events,
    };

    /// <summary>Starts to show what a sender does.</summary>
    public void Use(UpdateSender sender, UpdateWriter writer)
    {
        (_sender, Writer, _progress) = (sender, writer, new(_command, sender));
        _ticking = TimeProvider.System.CreateTimer(_ => PostTick(), null, Tick, Tick);
    }

    /// <summary>Encodes a row of the pipeline and sends what is full; a row that cannot be sent costs no other row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Deliver(UpdateOrigin origin, Func<Failure?> encode, RowRules? rules = null)
    {
        Writer!.NextRow(out _);
        rules?.BeginRow(origin);
        if (encode() is { } failure)
            Refuse(origin, failure, rules);
        Advance();
    }

    // Apart, since what the function keeps would be allocated for every row.
    private void Refuse(UpdateOrigin origin, Failure failure, RowRules? rules)
    {
        if (rules is { Failure: null })
            rules.Refuse(failure);
        Writer!.Reject(origin, failure);
        if (ReportsRows)
            Guarded(() => Write(origin, default, failure));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Advance()
    {
        if (Writer!.HasFullBatch)
            Pump(Writer.SendFullBatchAsync().AsTask());
        else if (!_pump.IsEmpty)
            Guarded(_pump.Drain);
    }

    /// <summary>Runs work in the background, and writes its reports meanwhile.</summary>
    public void Produce(Func<Task> work) => Pump(Task.Run(work, CancellationToken.None));

    /// <summary>Sends the rest and waits for every outcome.</summary>
    public void Complete()
    {
        if (Writer is null)
            return;
        Produce(Writer.CompleteAsync);
        _isCompleted = true;
        _progress!.Complete(Input);
    }

    /// <summary>Writes how many more rows were refused than have errors of their own. On the pipeline thread.</summary>
    public void WriteRestOfErrors() => _errors.WriteRest();

    /// <summary>Sends nothing more; what is in flight may still be answered.</summary>
    public void StopSending() => _sender?.End(null, Grace);
    public void Cancel() => _sender?.End(null, TimeSpan.Zero);

    /// <summary>Sends nothing more, and waits for the replies to what is in flight. From any thread.</summary>
    public void AwaitReplies(TimeSpan grace)
    {
        _sender?.End(null, grace);
        _sender?.RepliesAsync().Wait(grace);
    }

    /// <summary>Waits until what the run leaves on disk is complete, after it was disposed of.</summary>
    public void AwaitEnd(TimeSpan limit) => Task.WaitAny([_ending], limit);

    public void Dispose()
    {
        // Without a stop, something before this command in the pipeline failed, and the rows that were read are still to be sent.
        End(_stop.IsCancellationRequested || _isCompleted ? TimeSpan.Zero : Grace);
        _pump.Dispose();
        Writer?.Dispose();
    }

    private void Pump(Task work)
    {
        _working = work;
        Guarded(() => _pump.Run(work, _stop));

        // Outside the guard: work that failed ends itself, not the run. A file that breaks off costs no row before it.
        work.GetAwaiter().GetResult();
    }

    private void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch
        {
            // The pipeline wants no more. Unless it was stopped (-ErrorAction Stop, or a command behind this one ended), what is
            // in flight may still end. Background work ends here, before the caller closes what it reads from.
            End(_stop.IsCancellationRequested ? TimeSpan.Zero : Grace);
            throw;
        }
    }

    /// <summary>Ends everything in the background, and waits for that; not for long, since it has been told to.</summary>
    private void End(TimeSpan grace)
    {
        _ticking?.Dispose();

        // First, so that nothing that is broken off waits for this thread to write it.
        _pump.Close();
        if (SendsRest && grace > TimeSpan.Zero && _sender is { IsEnding: false })
        {
            var rejected = Account.Rejected;
            Task.WaitAny([SendRestAsync()], grace);
            HasUnreported = Account.Rejected > rejected;
            grace = TimeSpan.Zero;
        }

        _sender?.End(null, grace);
        _ending = EndAsync();
        Task.WaitAny([_ending], Grace + TimeSpan.FromMilliseconds(100));
    }

    private async Task SendRestAsync()
    {
        await _working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Writer!.CompleteAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task EndAsync()
    {
        // Suppressed, not raced: whoever waited for it has heard of its failure, or wants no more.
        await _working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_sender is null)
            return;
        await _sender.CompleteAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Writer!.KeepRest();
        await _sender.DisposeAsync().ConfigureAwait(false);
    }

    private void Reject(UpdateOrigin origin, RowExcerpt row, Failure failure)
    {
        if (_errors.Takes(failure.Id, 1))
            _pump.Post(() => Write(origin, row, failure), row.Bytes.Length);
    }

    private void Report(UpdatesFailed failed)
    {
        if (_errors.Takes(failed.Id, failed.Updates.Count))
            _pump.Post(() => Write(failed), failed.Updates.Sum(update => update.Row.Bytes.Length));
    }

    private void Write(BatchSent sent)
    {
        if (_showsDetails)
            WriteRequest(sent);
        ShowProgress();
    }

    private void WriteRequest(BatchSent sent)
    {
        var outcome = sent.Verdict.Kind == VerdictKind.Accepted ? "" : $" ({sent.Verdict.Message})";
        var status = sent.Verdict.StatusCode == 0 ? "no reply" : $"status {sent.Verdict.StatusCode}";
        var atOnce = sent.AtOnce < _maxConcurrency ? $", {Phrase.Count(sent.AtOnce, "request")} at once" : "";
        _command.WriteDetail(string.Create(
            CultureInfo.InvariantCulture,
            $"Batch {sent.Batch}: {RowDescription.Range(sent.First, sent.Last)}, {Phrase.Count(sent.Updates, "update")}, "
                + $"{sent.Bytes:N0} bytes, {status}{outcome}, {sent.Elapsed.TotalMilliseconds:N0} ms, attempt {sent.Attempt}{atOnce}."));
    }

    private void Write(UpdateOrigin origin, RowExcerpt row, Failure failure) =>
        _errors.Write(failure.At(RowDescription.Position(origin), RowDescription.Target(origin, row, failure)));

    private void Write(Retrying retrying)
    {
        _command.WriteDetail($"Batch {retrying.Batch}: {retrying}");
        ShowProgress();
    }

    private void Write(UpdatesFailed failed)
    {
        var failure = failed.ToFailure();
        if (failed.Id == ErrorId.DeliveryFailed)
        {
            var range = RowDescription.Range(failed.Updates[0].Origin, failed.Updates[^1].Origin);
            _errors.Write(failure.At(char.ToUpperInvariant(range[0]) + range[1..], failed.Updates.Select(Target).ToArray()));
            return;
        }

        foreach (var update in failed.Updates)
            _errors.Write(failure.At(RowDescription.Position(update.Origin), Target(update)));
    }

    private object? Target(FailedUpdate update) => RowDescription.Target(update.Origin, update.Row, null);

    private void ShowProgress() => _progress!.Show(Input);

    /// <summary>Shows progress while nothing else happens, so that a wait counts down.</summary>
    private void PostTick()
    {
        // A pipeline that is behind gets no more than one of them.
        if (Interlocked.Exchange(ref _ticks, 1) != 0)
            return;
        if (!_pump.TryPost(OnTick))
            Volatile.Write(ref _ticks, 0);
    }

    private void OnTick()
    {
        Volatile.Write(ref _ticks, 0);
        ShowProgress();
    }
}
