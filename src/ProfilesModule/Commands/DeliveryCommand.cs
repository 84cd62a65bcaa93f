using System.Management.Automation;
using System.Management.Automation.Host;
using System.Runtime.CompilerServices;
using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;

namespace ProfilesModule.Commands;

/// <summary>The base of every cmdlet that sends updates.</summary>
public abstract class DeliveryCommand : UserProfileCommand
{
    /// <summary>
    /// The maximum number of updates in one request, 1 to 2000. Default 200. Larger batches are faster; smaller ones cost less to
    /// resend.
    /// </summary>
    [Parameter]
    [ValidateRange(1, Limits.MaximumBatchSize)]
    public int BatchSize { get; set; } = Limits.DefaultBatchSize;

    /// <summary>
    /// The maximum number of concurrent requests, 1 to 64. Default 4. Updates of one profile are always sent in input order, so an
    /// identifier that occurs in every batch makes the run sequential. After a time-out or a broken connection, the service may still
    /// apply the first request, even after a newer one of the same profile.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int MaxConcurrency { get; set; } = 4;

    /// <summary>
    /// The maximum number of updates per second, across all requests, evenly spread. Default: no limit. No request carries more
    /// than one second's worth. If several tasks import at the same time (-Partition), the limit applies to each of them: divide the
    /// limit of the project by their number.
    /// </summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxUpdatesPerSecond { get; set; }

    /// <summary>
    /// The number of rejected rows, or of consecutive batches that fail in every attempt, at which the command ends. By default,
    /// rejected rows do not end it, and the first batch that fails in every attempt does. If the command continues after such a
    /// batch, a later update of a profile is sent although an earlier one failed, so sending the failed rows again afterwards would
    /// restore older values.
    /// </summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxFailure { get; set; }

    /// <summary>
    /// Resends updates that would count twice ($add and $append) even if it is unknown whether they were applied. By default,
    /// the outcome of their rows is unknown.
    /// </summary>
    [Parameter]
    public SwitchParameter RetryAmbiguous { get; set; }

    /// <summary>
    /// The maximum number of seconds that the command may take. It then ends, and the remaining rows are not sent. Default: no
    /// limit.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 31_536_000)]
    public int TimeoutSec { get; set; }

    private protected virtual DeliveryOptions Options => new()
    {
        BatchSize = BatchSize,
        MaxConcurrency = MaxConcurrency,
        MaxUpdatesPerSecond = MaxUpdatesPerSecond == 0 ? null : MaxUpdatesPerSecond,
        MaxFailure = MaxFailure == 0 ? null : MaxFailure,
        RetryAmbiguous = RetryAmbiguous,
        Timeout = TimeoutSec == 0 ? null : TimeSpan.FromSeconds(TimeoutSec),
        MaximumRetryCount = MaximumRetryCount,
        RetryInterval = RetryInterval,
    };

    // The name of the host of pwsh itself: any other may be a program with work of its own.
    private const string ConsoleHost = "ConsoleHost";

    private EndingSignals? _signals;

    /// <summary>The delivery of this command; null until it has something to send.</summary>
    private protected DeliveryRun? Run { get; set; }

    /// <summary>Whether every row has its outcome.</summary>
    private protected bool IsCompleted { get; set; }

    /// <summary>Starts the delivery of rows of the pipeline, if it has not started.</summary>
    /// <param name="records">What every record carries; null for the defaults.</param>
    /// <param name="accepted">Takes every accepted update; null for none.</param>
    /// <param name="trail">What the delivery leaves on disk; null for nothing.</param>
    private protected DeliveryRun StartRun(
        RecordOptions? records = null, Action<UpdateOrigin>? accepted = null, DeliveryTrail? trail = null)
    {
        if (Run is not null)
            return Run;
        var transport = Service.Transport(TimeProvider.System, records?.GroupKey is not null);
        Run = new(this, MaxConcurrency, StopToken, accepted: accepted) { SendsRest = true };
        var sender = new UpdateSender(transport, Options, Run.Events, TimeProvider.System, trail);
        Started(sender, new(sender, Service.SecretToken, records));
        return Run;
    }

    /// <summary>Shows what a sender does, and ends it on signals.</summary>
    private protected void Started(UpdateSender sender, UpdateWriter writer)
    {
        Run!.Use(sender, writer);
        _signals ??= new(Interrupt, () => ReportStop(Run.Account), Host.Name == ConsoleHost ? () => InterruptedExitCode : null);
    }

    /// <summary>Encodes a row and sends what is full; a row that cannot be sent becomes an error and costs no other row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private protected void Deliver(DeliveryRun run, UpdateOrigin origin, Func<Failure?> encode, RowRules? rules = null)
    {
        if (run.IsEnding)
        {
            if (StopToken.IsCancellationRequested)
                throw new PipelineStoppedException();
            Finish();
        }

        run.Deliver(origin, encode, rules);
    }

    /// <summary>How many rows the command keeps before it hands them to a run.</summary>
    private protected virtual int Held => 0;

    /// <summary>How to go on when the command was stopped.</summary>
    private protected abstract string NextStep { get; }

    /// <summary>Whether the same command may be started once more after it was stopped, without counting anything twice.</summary>
    private protected abstract bool MayStartAgain { get; }

    /// <summary>The exit code of a process that ends because the command was stopped by a signal.</summary>
    private protected virtual int InterruptedExitCode => Run?.Stop is { IsTemporary: false } || !MayStartAgain ? RunEnd.Stopped : RunEnd.TryLater;

    /// <summary>What sending rows once more would do, as the end of a sentence that says how.</summary>
    /// <param name="operations">What the rows do.</param>
    private protected static string ResendHint(IEnumerable<Operation> operations) => operations.All(operation => operation.IsRepeatable())
        ? "again; sending accepted rows a second time does no harm."
        : "again, except those that were accepted or in flight, which would count twice.";

    /// <summary>Sends the rest, waits for the outcome of every row, and fails if the run ended early.</summary>
    private protected void Finish()
    {
        if (Run is null)
            return;
        CompleteRun();
        if (Run.Stop is { } stop)
            this.ThrowTerminatingError(stop.ToFailure(Service, Run.Account));
    }

    /// <summary>Sends the rest and waits for the outcome of every row.</summary>
    private protected void CompleteRun()
    {
        Run?.Complete();
        IsCompleted = true;
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        base.StopProcessing();
        Run?.Cancel();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            var wasStopped = StopToken.IsCancellationRequested;
            Run?.Dispose();
            var isUntold = Held > 0
                || (Run is not null && (wasStopped || Run.HasUnreported || Run.Account is { Unsent: > 0 } or { Unknown: > 0 }));
            if (_signals is { WasReceived: true } || (!IsCompleted && isUntold))
                ReportStop(Run?.Account ?? new());
            if (_signals is { WasReceived: true })
            {
                Run?.AwaitEnd(EndingSignals.ReplyGrace);
                _signals.LetProcessEnd();
            }

            _signals?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Ends the command by a signal.</summary>
    private protected virtual void Interrupt() => StopProcessing();

    private static string Unchanged(DeliveryAccount account) =>
        account.Unchanged > 0 ? $"{Phrase.Number(account.Unchanged)} unchanged, " : "";

    // The streams of a stopped pipeline are closed; its host is not.
    private void ReportStop(DeliveryAccount account)
    {
        try
        {
            Host.UI.WriteWarningLine($"{MyInvocation.MyCommand.Name} was stopped: {Phrase.Count(account.Read + Held, "row")} read, "
                + $"{Phrase.Number(account.Accepted)} accepted, {Unchanged(account)}{Phrase.Number(account.Rejected)} rejected, "
                + $"{Phrase.Number(account.BrokenOff)} in flight (they may have arrived), "
                + $"{Phrase.Number(Math.Max(0, account.Unsent - account.BrokenOff) + Held)} not sent. {NextStep}");
        }
        catch (Exception e) when (e is HostException or NotImplementedException or NotSupportedException)
        {
            // Nobody is there to read it.
        }
    }
}
