using System.Globalization;
using System.Management.Automation;
using System.Runtime.CompilerServices;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Files;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Pipeline;

/// <summary>One command's delivery: its sender and writer, and what they tell, brought to the streams of the command.</summary>
internal sealed class DeliveryRun : IDisposable
{
    // What Ctrl+C may cost at the most, less a margin.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly PSCmdlet _command;
    private readonly RowDescription _rows;
    private readonly RowErrors _errors;
    private readonly bool _showsDetails;
    private readonly int _maxConcurrency;
    private readonly CancellationToken _stop;
    private readonly PipelinePump _pump = new();
    private readonly UpdateSender _sender;
    private readonly DeliveryProgress _progress;
    private readonly ITimer _ticking;
    private Task _working = Task.CompletedTask;
    private int _ticks;

    public DeliveryRun(PSCmdlet command, RowDescription rows, IEngageTransport transport, string token, DeliveryOptions options, CancellationToken stop, RecordOptions? records = null, Action<UpdateOrigin>? accepted = null, DeliveryTrail? trail = null)
    {
        _command = command;
        _rows = rows;
        _errors = new(command, trail?.Rejects?.Path);
        _showsDetails = command.ShowsDetails();
        _maxConcurrency = options.MaxConcurrency;
        _stop = stop;
        var events = new DeliveryEvents
        {
            BatchSent = sent => _pump.Post(() => Write(sent)),
            Retrying = retrying => _pump.Post(() => Write(retrying)),
            UpdatesFailed = Report,
            UpdateAccepted = accepted is null ? null : origin => _pump.Post(() => accepted(origin)),
        };
        Trail = trail;
        _sender = new(transport, options, events, TimeProvider.System, trail);
        Writer = new(_sender, token, records);
        _progress = new(command, _sender);
        _ticking = TimeProvider.System.CreateTimer(_ => PostTick(), null, Tick, Tick);
    }

    /// <summary>Whether the user hears of requests; not of those that are only counted.</summary>
    public bool ReportsRequests { get; init; } = true;

    /// <summary>Whether the user hears of rows that were refused before sending.</summary>
    public bool ReportsRejections { get; init; } = true;

    public UpdateWriter Writer { get; }

    /// <summary>What the delivery leaves on disk; null for nothing.</summary>
    public DeliveryTrail? Trail { get; }

    public DeliveryAccount Account => _sender.Account;

    public DeliveryStop? Stop => _sender.Stop;

    public bool IsEnding => _sender.IsEnding;

    public TimeSpan Elapsed => _progress.Elapsed;

    /// <summary>What the rows are read from; null for the pipeline.</summary>
    public InputProgress? Input
    {
        get => _progress.Input;
        set => _progress.Input = value;
    }

    /// <summary>Sends what is full and writes what waits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Advance()
    {
        if (Writer.HasFullBatch)
            Pump(Writer.SendFullBatchAsync().AsTask());
        else if (!_pump.IsEmpty)
            Guarded(_pump.Drain);
    }

    /// <summary>Does the work of a producer in the background, and writes what comes of it meanwhile.</summary>
    public void Produce(Func<Task> work) => Pump(Task.Run(work, CancellationToken.None));

    /// <summary>Sends the rest and waits for every outcome.</summary>
    public void Complete()
    {
        Pump(Task.Run(async () =>
        {
            await Writer.FlushAsync().ConfigureAwait(false);
            await _sender.CompleteAsync().ConfigureAwait(false);
        }));
        _progress.Complete();
    }

    /// <summary>Brings the rejection of a row that a producer read to the error stream. Never on the pipeline thread, which would wait for itself.</summary>
    public void Reject(UpdateOrigin origin, ShownRow row, Failure rejection)
    {
        if (ReportsRejections && _errors.Takes(rejection.Id.ToString(), 1))
            _pump.Post(() => Write(origin, row, rejection), row.Bytes.Length);
    }

    /// <summary>Brings a warning of a producer to the warning stream. Never on the pipeline thread, which would wait for itself.</summary>
    public void Warn(string message) => _pump.Post(() => _command.Warn(message));

    /// <summary>Writes the rejection of a row that came through the pipeline. On the pipeline thread.</summary>
    public void WriteRejection(UpdateOrigin origin, Failure rejection) => Guarded(() => Write(origin, default, rejection));

    /// <summary>Writes how many more rows were refused than have errors of their own. On the pipeline thread.</summary>
    public void WriteRestOfErrors() => _errors.WriteRest();

    /// <summary>Sends nothing more; what is in flight may still be answered.</summary>
    public void StopSending() => _sender.Cancel(Grace);

    public void Cancel() => _sender.Cancel(TimeSpan.Zero);

    public void Dispose()
    {
        End(TimeSpan.Zero);
        _pump.Dispose();
        Writer.Dispose();
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
        _ticking.Dispose();

        // First, so that what the cancelling runs on this very thread finds nobody to wait for.
        _pump.Close();
        _sender.Cancel(grace);
        var ending = EndAsync();
        Task.WaitAny([ending], Grace + TimeSpan.FromMilliseconds(100));
    }

    private async Task EndAsync()
    {
        // Suppressed, not raced: whoever waited for it has heard of its failure, or wants no more.
        await _working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _sender.CompleteAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Writer.KeepRest();
        await _sender.DisposeAsync().ConfigureAwait(false);
    }

    private void Report(UpdatesFailed failed)
    {
        if (_errors.Takes(failed.Id.ToString(), failed.Updates.Count))
            _pump.Post(() => Write(failed), failed.Updates.Sum(update => update.Row.Bytes.Length));
    }

    private void Write(BatchSent sent)
    {
        if (_showsDetails && ReportsRequests)
            WriteRequest(sent);
        ShowProgress();
    }

    private void WriteRequest(BatchSent sent)
    {
        var outcome = sent.Verdict.Kind == VerdictKind.Accepted ? "" : $" ({sent.Verdict.Message})";
        var status = sent.Verdict.StatusCode == 0 ? "no reply" : $"status {sent.Verdict.StatusCode}";
        var atOnce = sent.AtOnce < _maxConcurrency ? $", {Errors.Count(sent.AtOnce, "request")} at once" : "";
        _command.WriteDetail(string.Create(
            CultureInfo.InvariantCulture,
            $"Batch {sent.Batch}: {_rows.Range(sent.First, sent.Last)}, {Errors.Count(sent.Updates, "update")}, {sent.Bytes:N0} bytes, {status}{outcome}, {sent.Elapsed.TotalMilliseconds:N0} ms, attempt {sent.Attempt}{atOnce}."));
    }

    private void Write(UpdateOrigin origin, ShownRow row, Failure rejection) =>
        _errors.Write(Errors.RowRejected(rejection, _rows.Position(origin), _rows.Target(origin, row, rejection)));

    private void Write(Retrying retrying)
    {
        _command.WriteDetail(string.Create(
            CultureInfo.InvariantCulture,
            $"Batch {retrying.Batch}: retry {retrying.Retry} in {retrying.Delay.TotalSeconds:0.0} s, because {retrying.Reason}."));
        ShowProgress();
    }

    private void Write(UpdatesFailed failed)
    {
        if (failed.Id == ErrorId.DeliveryFailed)
        {
            var range = _rows.Range(failed.Updates[0].Origin, failed.Updates[^1].Origin);
            _errors.Write(Errors.UpdatesFailed(failed, char.ToUpperInvariant(range[0]) + range[1..], failed.Updates.Select(Target).ToArray()));
            return;
        }

        foreach (var update in failed.Updates)
            _errors.Write(Errors.UpdatesFailed(failed, _rows.Position(update.Origin), Target(update)));
    }

    private object? Target(FailedUpdate update) => _rows.Target(update.Origin, update.Row);

    private void ShowProgress()
    {
        if (ReportsRequests)
            _progress.Show();
    }

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
