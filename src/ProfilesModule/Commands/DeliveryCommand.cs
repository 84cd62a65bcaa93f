using System.Management.Automation;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>The base of every cmdlet that sends updates.</summary>
public abstract class DeliveryCommand : UserProfileCommand
{
    /// <summary>The most updates in one request, 1 to 2000. Default 200. Larger batches are faster; smaller ones are resent cheaper.</summary>
    [Parameter]
    [ValidateRange(1, Limits.MaximumBatchSize)]
    public int BatchSize { get; set; } = Limits.DefaultBatchSize;

    /// <summary>
    /// The most requests at once, 1 to 64. Default 4. Updates of one profile are sent in input order whatever this says, so an
    /// identifier that occurs in every batch makes the run sequential.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int MaxConcurrency { get; set; } = 4;

    internal DeliveryOptions Options => new()
    {
        BatchSize = BatchSize,
        MaxConcurrency = MaxConcurrency,
        MaximumRetryCount = MaximumRetryCount,
        RetryInterval = RetryInterval,
    };

    /// <summary>The delivery of this command; null until it has something to send.</summary>
    private protected DeliveryRun? Run { get; private set; }

    /// <summary>Starts the delivery of this command, when it is not yet.</summary>
    /// <param name="rows">How rows are named to the user.</param>
    /// <param name="records">What every record carries; null for the defaults.</param>
    /// <param name="accepted">Hears of every update that was accepted.</param>
    private protected DeliveryRun StartRun(RowDescription rows, RecordOptions? records = null, Action<UpdateOrigin>? accepted = null) =>
        Run ??= new(this, rows, Service.Transport(TimeProvider.System, records?.GroupKey is not null), Service.SecretToken, Options, StopToken, records, accepted);

    /// <summary>Encodes a row and sends what is full; a row that cannot be sent becomes an error and costs no other row.</summary>
    private protected void Deliver(DeliveryRun run, UpdateOrigin origin, Action encode)
    {
        if (run.IsEnding)
            Finish();
        run.Writer.CountRow();
        try
        {
            encode();
        }
        catch (RowException e)
        {
            run.Writer.CountRejected();
            run.WriteRejection(origin, e.Rejection);
        }

        run.Advance();
    }

    /// <summary>Sends the rest, waits for the outcome of every row, and fails if the run ended early.</summary>
    private protected void Finish()
    {
        if (Run is null)
            return;
        Run.Complete();
        if (Run.Stop is { } stop)
            ThrowTerminatingError(Errors.Stopped(stop, Service, Run.Account));
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
            Run?.Dispose();
        base.Dispose(disposing);
    }
}
