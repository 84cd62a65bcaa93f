using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>
/// Delivers batches: in input order, several at once, never two at once that touch one profile, with a bounded number
/// waiting. One sender serves one run; batches come from one producer.
/// </summary>
internal sealed class UpdateSender : IAsyncDisposable
{
    // One batch being sent out while the next is encoded keeps the senders busy; more would only hold memory.
    private const int WaitingBatches = 2;

    // How long a reply is waited for when the time of a run is over.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Channel<UpdateBatch> _waiting = Channel.CreateBounded<UpdateBatch>(new BoundedChannelOptions(WaitingBatches) { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _cancel = new();
    private readonly object _lock = new();
    private readonly object _ending = new();
    private readonly ProfilesInFlight _profiles = new();
    private readonly Stack<UpdateBatch> _spare = [];
    private readonly RequestWaits _waits;
    private readonly BatchDelivery _delivery;
    private readonly CancellationTokenSource? _timeout;
    private readonly CancellationTokenRegistration _timedOut;
    private readonly int _maxConcurrency;
    private readonly Task _dispatching;
    private TaskCompletionSource _batchEnded = NewSignal();
    private ExceptionDispatchInfo? _defect;
    private bool _isDisposed;
    private int _inFlight;
    private UpdateBatch? _last;
    private int _lastNumber;

    /// <summary>Starts a run.</summary>
    /// <param name="transport">Where requests go.</param>
    /// <param name="options">How.</param>
    /// <param name="events">Who is told.</param>
    /// <param name="time">The clock.</param>
    /// <param name="trail">What the run leaves on disk; null for nothing. The sender's from now on.</param>
    public UpdateSender(IEngageTransport transport, DeliveryOptions options, DeliveryEvents events, TimeProvider time, DeliveryTrail? trail = null)
    {
        Options = options;
        Trail = trail;
        Events = events;
        Ledger = new(trail?.Journal?.Account ?? new(), options.MaxFailure, options.MaxParseErrors);
        _maxConcurrency = options.MaxConcurrency;
        _waits = new(time);
        _delivery = new(transport, options, events, Ledger, trail, _waits, time, _cancel.Token);
        if (trail is not null)
            trail.Broken = Ledger.End;
        if (options.Timeout is { } longest)
        {
            _timeout = new(longest, time);
            _timedOut = _timeout.Token.Register(() => End(longest));
        }

        _dispatching = Task.Run(DispatchAsync);
    }

    /// <summary>What became of the rows so far. Complete once <see cref="CompleteAsync"/> has ended.</summary>
    public DeliveryAccount Account => Ledger.Account;

    /// <summary>What keeps the run from sending; null while it sends, or has nothing to send.</summary>
    public DeliveryWait? Wait => _waits.Current;

    /// <summary>Whether nothing more is sent, so that there is no use in reading on.</summary>
    public bool IsEnding => Ledger.IsEnding;

    /// <summary>Why the run ended before its input; null while it goes on, or ended well.</summary>
    public DeliveryStop? Stop => Ledger.Stop;

    /// <summary>Whether every batch has ended that the run was given, and there will be no more.</summary>
    internal bool HasEnded => _dispatching.IsCompleted;

    internal DeliveryOptions Options { get; }

    internal DeliveryLedger Ledger { get; }

    internal DeliveryTrail? Trail { get; }

    internal DeliveryEvents Events { get; }

    /// <summary>An empty batch to fill.</summary>
    public UpdateBatch NewBatch()
    {
        lock (_lock)
            return _spare.TryPop(out var spare) ? spare : _last is null ? new() : new(_last);
    }

    /// <summary>Takes the next batch of the input. Waits while too many are under way.</summary>
    /// <param name="batch">A batch from <see cref="NewBatch"/>, which is the sender's from now on.</param>
    public async ValueTask SendAsync(UpdateBatch batch)
    {
        batch.Number = ++_lastNumber;
        _last = batch;
        try
        {
            await _waiting.Writer.WriteAsync(batch).ConfigureAwait(false);
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
        _waiting.Writer.TryComplete();
        return _dispatching;
    }

    /// <summary>Sends nothing more, and breaks off what is still in flight after a while; <see cref="CompleteAsync"/> ends soon after.</summary>
    /// <param name="grace">How long replies are waited for.</param>
    public void Cancel(TimeSpan grace)
    {
        lock (_ending)
        {
            if (_isDisposed)
                return;
            Ledger.EndByUser();
            if (grace != TimeSpan.Zero)
            {
                _cancel.CancelAfter(grace);
                return;
            }
        }

        // Outside the lock: what the cancelling runs may come back here.
        try
        {
            _cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run has ended meanwhile.
        }
    }

    /// <summary>Breaks off what is still under way and waits for it to end.</summary>
    public async ValueTask DisposeAsync()
    {
        Cancel(TimeSpan.Zero);
        await CompleteAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Waits for the callback, should it run just now.
        await _timedOut.DisposeAsync().ConfigureAwait(false);
        _timeout?.Dispose();
        Trail?.Finish(Account, Stop, isComplete: false);
        Trail?.Dispose();
        lock (_ending)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _cancel.Dispose();
            Ledger.Dispose();
        }
    }

    /// <summary>Ends a run that takes too long; what is in flight may still be answered.</summary>
    private void End(TimeSpan longest)
    {
        Ledger.End(new(ErrorId.TimeoutReached, 0, $"it was to take {longest.TotalSeconds:0.#} s at the most"));
        _cancel.CancelAfter(Grace);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task DispatchAsync()
    {
        await foreach (var batch in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            while (Busy(batch) is { } change)
                await change.ConfigureAwait(false);
            _ = DeliverAsync(batch);
        }

        while (Drained() is { } change)
            await change.ConfigureAwait(false);
        _defect?.Throw();
    }

    /// <summary>Puts the batch in flight, or returns what to wait for before it may be.</summary>
    private Task? Busy(UpdateBatch batch)
    {
        lock (_lock)
        {
            if (_inFlight >= _maxConcurrency || _profiles.TouchesAnyOf(batch))
                return _batchEnded.Task;
            _inFlight++;
            _profiles.Add(batch);
            return null;
        }
    }

    private Task? Drained()
    {
        lock (_lock)
            return _inFlight == 0 ? null : _batchEnded.Task;
    }

    private async Task DeliverAsync(UpdateBatch batch)
    {
        try
        {
            await _delivery.DeliverAsync(batch).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Failures of the service are verdicts; this is a defect, which must end the run and not hang it.
            _defect ??= ExceptionDispatchInfo.Capture(e);
            Cancel(TimeSpan.Zero);
        }

        TaskCompletionSource ended;
        lock (_lock)
        {
            _inFlight--;
            _profiles.Remove(batch);
            batch.Clear();
            _spare.Push(batch);
            (ended, _batchEnded) = (_batchEnded, NewSignal());
        }

        ended.SetResult();
    }
}
