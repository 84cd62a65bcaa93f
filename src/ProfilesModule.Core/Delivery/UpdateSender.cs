using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>
/// Delivers batches: in input order, several at once, never two at once that touch one profile, with a bounded number waiting. One sender
/// serves one run; batches come from one producer. A batch goes from the queue to the socket in this file, from top to bottom;
/// <see cref="BatchSettlement"/> does what its replies say.
/// </summary>
/// <remarks>
/// <para>
/// What must not throw: <see cref="DeliverAsync"/>, which is not awaited, and what it calls. The transport answers with
/// verdicts, and the trail ends the run itself when a file cannot be written. An exception is a defect: it breaks the run off,
/// so that it does not hang, and <see cref="CompleteAsync"/> throws it.
/// </para>
/// <para>The states of a run:</para>
/// <list type="number">
/// <item>It runs: batches are queued and sent.</item>
/// <item>The input is complete (<see cref="CompleteAsync"/>): the queue is emptied, and every update gets its outcome.</item>
/// <item>It is ending (<see cref="RunEnd.NoMoreRequests"/>): nothing is sent. Replies to what is in flight still count; batches that
/// are or come to be queued pass through unsent, so that the trail has their rows.</item>
/// <item>It is broken off (<see cref="RunEnd.BreakOff"/>): no reply is awaited. What would count twice is unknown, the rest unsent.</item>
/// <item>It is disposed: nothing is in flight, the trail is closed, and batches that still come go nowhere.</item>
/// </list>
/// </remarks>
internal sealed class UpdateSender : IAsyncDisposable
{
    // One batch being sent out while the next is encoded keeps the senders busy; more would only hold memory.
    private const int WaitingBatches = 2;
    private readonly Channel<UpdateBatch> _queue =
        Channel.CreateBounded<UpdateBatch>(new BoundedChannelOptions(WaitingBatches) { SingleReader = true, SingleWriter = true });
    private readonly IEngageTransport _transport;
    private readonly TimeProvider _time;
    private readonly RunEnd _end;
    private readonly BatchesInFlight _batches;
    private readonly RequestWaits _waits;
    private readonly RequestGate _gate;
    private readonly BatchSettlement _settlement;
    private readonly Task _dispatching;

    // The first part of every batch; no batch has more rows.
    private readonly int[] _indexes;
    private ExceptionDispatchInfo? _defect;
    private UpdateBatch? _last;
    private int _lastNumber;

    /// <summary>Starts a run. The trail, if any, is the sender's from now on.</summary>
    public UpdateSender(
        IEngageTransport transport, DeliveryOptions options, DeliveryEvents events, TimeProvider time, DeliveryTrail? trail = null)
    {
        (_transport, Options, Events, _time, Trail) = (transport, options, events, time, trail);
        _end = new(options.Timeout, time);
        Ledger = new(trail?.Journal is { } journal ? DeliveryAccount.Of(journal) : new(), options, _end);
        _batches = new(options.MaxConcurrency);
        _waits = new(time);
        _gate = new(_waits, options);
        _settlement = new(options, events, Ledger, _end, trail);
        _indexes = [.. Enumerable.Range(0, options.UpdatesPerRequest)];
        if (trail is not null)
            trail.Broken = stop => _end.End(stop, RunEnd.UntilReplies);
        _dispatching = Task.Run(DispatchAsync);
    }

    /// <summary>The outcomes of the rows so far. Complete once <see cref="CompleteAsync"/> has ended.</summary>
    public DeliveryAccount Account => Ledger.Account;

    /// <summary>What keeps the run from sending; null while it sends, or has nothing to send.</summary>
    public DeliveryWait? Wait => _waits.Current;

    /// <summary>Whether nothing more is sent, so that the producer can stop reading.</summary>
    public bool IsEnding => _end.IsEnding;

    /// <summary>Canceled when nothing more is sent, so that a producer that waits for its input can stop.</summary>
    public CancellationToken Ending => _end.NoMoreRequests;

    /// <summary>Why the run ended before its input; null while it goes on, or ended well.</summary>
    public DeliveryStop? Stop => _end.Stop;

    /// <summary>Ends when no batch is in flight.</summary>
    public Task RepliesAsync() => _batches.EmptyAsync();

    /// <summary>Whether every batch of the run has ended, and there will be no more.</summary>
    internal bool HasEnded => _dispatching.IsCompleted;

    internal DeliveryOptions Options { get; }
    internal DeliveryLedger Ledger { get; }
    internal DeliveryTrail? Trail { get; }
    internal DeliveryEvents Events { get; }

    public UpdateBatch NewBatch() => _batches.NewBatch(_last);

    /// <summary>Takes the next batch of the input, which is the sender's from now on. Waits while too many are queued.</summary>
    public async ValueTask SendAsync(UpdateBatch batch)
    {
        batch.Number = ++_lastNumber;
        _last = batch;
        try
        {
            await _queue.Writer.WriteAsync(batch).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            // The run was ended while its producer still read: the batch stays unsent.
            Trail?.BatchEnded(batch);
        }
    }

    /// <summary>Ends the input, and ends when every update has its outcome.</summary>
    public Task CompleteAsync()
    {
        _queue.Writer.TryComplete();
        return _dispatching;
    }

    /// <inheritdoc cref="RunEnd.End"/>
    public void End(DeliveryStop? reason, TimeSpan grace) => _end.End(reason, grace);

    /// <summary>Breaks off what is in flight and waits for it to end.</summary>
    public async ValueTask DisposeAsync()
    {
        End(null, TimeSpan.Zero);
        await CompleteAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Trail?.Finish(Account, Stop, isComplete: false);
        Trail?.Dispose();
        _end.Dispose();
    }

    private async Task DispatchAsync()
    {
        await foreach (var batch in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            await _batches.EnterAsync(batch).ConfigureAwait(false);
            _ = DeliverAsync(batch);
        }

        await _batches.EmptyAsync().ConfigureAwait(false);
        _defect?.Throw();
    }

    private async Task DeliverAsync(UpdateBatch batch)
    {
        try
        {
            if (batch.Count > 0)
                batch.Parts.Push(_indexes.AsMemory(0, batch.Count));
            while (!IsEnding && batch.Parts.TryPop(out var part))
                await DeliverPartAsync(batch, part).ConfigureAwait(false);
            Trail?.BatchEnded(batch);
        }
        catch (Exception e)
        {
            _defect ??= ExceptionDispatchInfo.Capture(e);
            End(null, TimeSpan.Zero);
        }

        _batches.Leave(batch);
    }

    /// <summary>Sends a part until its reply settles it, or no attempt is left.</summary>
    private async Task DeliverPartAsync(UpdateBatch batch, ReadOnlyMemory<int> part)
    {
        var failures = 0;
        for (var attempt = 1; ; attempt++)
        {
            if (await EnterAsync(batch, part).ConfigureAwait(false) is not { } entered)
                return;
            if (await RequestAsync(batch, part, attempt, entered).ConfigureAwait(false) is not var (verdict, pace))
            {
                _settlement.BreakOff(batch, part);
                return;
            }

            if (verdict.Kind != VerdictKind.Transient)
            {
                _settlement.Settle(batch, part, verdict);
                return;
            }

            if (verdict.MayHaveBeenApplied)
                part = _settlement.SetAsideUnrepeatable(batch, part, verdict);
            if (IsEnding)
                return;
            EndIfTooLong(verdict);

            // While the run goes on between pauses they are not attempts: a pause is what the service asked for.
            var failed = part.IsEmpty ? Ledger.BatchLost() : pace.Pause is null ? ++failures : pace.PausesInARow;
            if (failed > Options.MaximumRetryCount || Stop?.Id == ErrorId.RetriesExhausted)
            {
                _settlement.GiveUp(batch, part, verdict);
                return;
            }

            // Where nothing is left to send again, the next batch waits in its place: else a service that is down would turn the whole
            // input into updates of unknown outcome.
            if (!await WaitAsync(batch, failed, part.IsEmpty ? null : pace.Pause, verdict).ConfigureAwait(false) || part.IsEmpty)
                return;
        }
    }

    /// <summary>Waits for the turn of a request; null when the run ended meanwhile.</summary>
    private async Task<int?> EnterAsync(UpdateBatch batch, ReadOnlyMemory<int> part)
    {
        int? entered = null;
        try
        {
            entered = await _gate.EnterAsync(batch.RecordsOf(part.Span), _end.NoMoreRequests).ConfigureAwait(false);
            if (Trail?.Sending(batch, part) != false)
            {
                // That took a while, in which the service may have asked another request for a pause.
                await _gate.PauseEndedAsync(_end.NoMoreRequests).ConfigureAwait(false);
                if (!IsEnding)
                    return entered;
            }
        }
        catch (OperationCanceledException)
        {
            // The run ended.
        }

        if (entered is { } left)
            _gate.Leave(left, null);
        return null;
    }

    /// <summary>Sends one request; null when it was broken off before the reply came.</summary>
    private async Task<(Verdict Verdict, RequestPace Pace)?> RequestAsync(
        UpdateBatch batch, ReadOnlyMemory<int> part, int attempt, int entered)
    {
        var body = part.Length == batch.Count ? batch.WholeBody() : batch.BodyOf(part.Span);
        var records = batch.RecordsOf(part.Span);
        var started = _time.GetTimestamp();
        Ledger.RequestSent(body.Length, attempt > 1);
        _waits.RequestBegins();
        Verdict? verdict = null;
        RequestPace pace;
        try
        {
            var isRepeatable = Options.RetryAmbiguous || batch.IsRepeatable(part.Span);
            verdict = await _transport.SendAsync(body, records, isRepeatable, _end.BreakOff).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_end.BreakOff.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            _waits.RequestEnds();

            // Before anything else: a service that has too much to do asks every sender to wait.
            pace = _gate.Leave(entered, verdict);
        }

        var sent = new BatchSent
        {
            Batch = batch.Number,
            First = batch[part.Span[0]].Origin,
            Last = batch[part.Span[^1]].Origin,
            Rows = part.Length,
            Updates = records,
            Bytes = body.Length,
            Attempt = attempt,
            Elapsed = _time.GetElapsedTime(started),
            Verdict = verdict,
            AtOnce = pace.AtOnce,
        };
        Trail?.Sent(sent);
        Events.BatchSent?.Invoke(sent);
        return (verdict, pace);
    }

    /// <summary>Ends the run if the service asks for a wait beyond the time limit, or beyond what a process should sit through.</summary>
    private void EndIfTooLong(Verdict verdict)
    {
        if (verdict.RetryAfter is not { } asked)
            return;
        var message = $"the service asked to wait {Phrase.Duration(asked)} ({verdict.Message.TrimEnd('.')})";
        if (Options.Timeout is { } limit && _waits.Now + asked > limit)
        {
            message += $", and the time limit is {Phrase.Duration(limit)}";
            End(new(ErrorId.TimeoutReached, verdict.StatusCode, message), RunEnd.UntilReplies);
        }
        else if (RetryDelay.IsTooLong(asked))
            End(new(ErrorId.RetriesExhausted, verdict.StatusCode, message), RunEnd.UntilReplies);
    }

    /// <summary>Waits before a retry; false when the run ended meanwhile.</summary>
    private async Task<bool> WaitAsync(UpdateBatch batch, int attempt, TimeSpan? pause, Verdict verdict)
    {
        var delay = pause ?? RetryDelay.Before(attempt, Options.RetryInterval, verdict.RetryAfter);
        var waiting = _waits.DelayAsync(RequestWaits.ReasonFor(verdict), delay, _end.NoMoreRequests);
        Events.Retrying?.Invoke(new(batch.Number, attempt, delay, verdict.Message));
        await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !IsEnding;
    }
}
