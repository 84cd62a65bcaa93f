using ProfilesModule.Delivery.Trail;
using ProfilesModule.Rules;

namespace ProfilesModule.Delivery;

/// <content>How its files are written, and what becomes of the run if one cannot be.</content>
internal sealed partial class DeliveryTrail
{
    private void FinishFiles(DeliveryAccount account, string? reason, bool isComplete)
    {
        // A journal that was finished stays as it is.
        if (Journal?.WasFinished != true)
        {
            if (Journal is { State.Line: var line })
                (line.IsFinished, line.EndedBy) = (isComplete && account.Unsent == 0 && Journal.MissingInput is null, reason);
            Save(toDisk: true);
        }

        State?.Finish(account, reason, ExitCode);
    }

    private void Save(bool toDisk = false)
    {
        FlushRejects();
        if (toDisk)
            Rejects?.FlushToDisk();
        if (toDisk)
            Journal?.Replace();
        else
            Journal?.Append();
    }

    private void FlushRejects()
    {
        Rejects?.Flush();
        if (Journal is not null && Rejects is not null)
            Journal.State.RejectsWritten(Rejects.Length, Rejects.Sum);
    }

    private bool Guarded(Action write)
    {
        lock (_lock)
        {
            if (_isBroken || _isDisposed)
                return false;
            try
            {
                write();
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Break(e);
                return false;
            }
        }
    }

    private void Break(Exception e)
    {
        _isBroken = true;
        End(e);
    }

    private void End(Exception e) => Broken?.Invoke(new(ErrorId.OutcomeNotWritable, 0, e.Message));

    // A log that cannot be written ends the run too, but the reject file and the journal are still written.
    private void WriteLog(Action<DeliveryLog> write)
    {
        if (Log is null || _isLogBroken || _isDisposed)
            return;
        try
        {
            write(Log);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _isLogBroken = true;
            End(e);
        }
    }
}
