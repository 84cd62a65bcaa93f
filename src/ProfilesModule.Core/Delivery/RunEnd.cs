using ProfilesModule.Delivery.Trail;
using ProfilesModule.Rules;

namespace ProfilesModule.Delivery;

/// <summary>Why a run ended before its input.</summary>
/// <param name="Id">The cause.</param>
/// <param name="StatusCode">The HTTP status code; 0 when there was no reply.</param>
/// <param name="Message">The service's text, or what went wrong.</param>
internal sealed record DeliveryStop(ErrorId Id, int StatusCode, string Message)
{
    /// <summary>Whether the same run may succeed later: the service was down or asked to wait, or the time limit was reached.</summary>
    public bool IsTemporary => Id is ErrorId.RetriesExhausted or ErrorId.TimeoutReached;

    /// <summary>The failure that the command ends with.</summary>
    /// <param name="service">The connection, which is its target.</param>
    /// <param name="account">The outcomes of the rows.</param>
    public Failure ToFailure(object service, DeliveryAccount account)
    {
        var id = Id == ErrorId.ServiceRefused && StatusCode == 407 ? ErrorId.ProxyUnauthorized : Id;
        return Failures.Stopped(id, StatusCode, Message, service, account.ToString());
    }
}

/// <summary>The one way in which a run ends before its input. Thread-safe.</summary>
internal sealed class RunEnd : IDisposable
{
    /// <summary>The exit code of a run that ended early and may be started again.</summary>
    public const int TryLater = 75;

    /// <summary>The exit code of a run that ended early and would again, or must not be started again.</summary>
    public const int Stopped = 2;

    // How long replies are awaited after the time limit.
    private static readonly TimeSpan TimeoutGrace = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly CancellationTokenSource _noMoreRequests = new();
    private readonly CancellationTokenSource _breakOff = new();
    private readonly ITimer? _timeLimit;
    private DeliveryStop? _stop;
    private bool _isDisposed;

    public RunEnd(TimeSpan? timeLimit, TimeProvider time)
    {
        if (timeLimit is { } limit)
        {
            DeliveryStop reached = new(
                ErrorId.TimeoutReached, 0, FormattableString.Invariant($"the time limit is {limit.TotalSeconds:0.#} s"));
            _timeLimit = time.CreateTimer(_ => End(reached, TimeoutGrace), null, limit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The grace of a run that waits for every reply to what is in flight.</summary>
    public static TimeSpan UntilReplies => Timeout.InfiniteTimeSpan;

    /// <summary>Why the run ended; null while it goes on, and when its user ended it.</summary>
    public DeliveryStop? Stop => Volatile.Read(ref _stop);

    /// <summary>Whether nothing more is sent.</summary>
    public bool IsEnding => _noMoreRequests.IsCancellationRequested;

    /// <summary>Cancelled when nothing more is sent, to end every wait for an attempt that will not be made.</summary>
    public CancellationToken NoMoreRequests => _noMoreRequests.Token;

    /// <summary>Cancelled when replies are no longer awaited.</summary>
    public CancellationToken BreakOff => _breakOff.Token;

    /// <summary>
    /// Ends the run: nothing more is sent, and requests that are in flight are broken off after the grace. The first reason
    /// stands; null when the user ends it. A later call may shorten the grace.
    /// </summary>
    public void End(DeliveryStop? reason, TimeSpan grace)
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _stop ??= reason;

            // Asynchronously: what the cancelling runs may come back here, or to the thread that waits for this one.
            _noMoreRequests.CancelAsync();
            if (grace == TimeSpan.Zero)
                _breakOff.CancelAsync();
            else if (grace != UntilReplies)
                _breakOff.CancelAfter(grace);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timeLimit?.Dispose();
            _noMoreRequests.Dispose();
            _breakOff.Dispose();
        }
    }
}
