using ProfilesModule.Delivery;
using ProfilesModule.Rules;

namespace ProfilesModule.Import;

/// <content>How the run ended, and what is recorded of that.</content>
internal sealed partial class ImportRun
{
    private bool _isInterrupted;
    private bool _mayLog = true;

    /// <summary>Whether the run ended before its input did.</summary>
    public bool StoppedEarly => IsIncomplete || _sender?.IsEnding == true;

    /// <summary>Whether the same import may succeed later.</summary>
    public bool MayResume => IsIncomplete
        ? _hasTemporaryFailure && _sender?.Stop is null or { IsTemporary: true }
        : _sender?.Stop is { IsTemporary: true } || (_isInterrupted && MayStartAgain);

    /// <inheritdoc cref="ImportOptions.MayStartAgain"/>
    public bool MayStartAgain => _options.MayStartAgain;

    /// <summary>The exit code for jobs, as <c>ImportResult</c> explains it.</summary>
    public int ExitCode => Account switch
    {
        { Unsent: > 0 } => MayResume ? RunEnd.TryLater : RunEnd.Stopped,
        _ when StoppedEarly => MayResume ? RunEnd.TryLater : RunEnd.Stopped,
        { Rejected: > 0 } or { Unknown: > 0 } => 1,
        _ => 0,
    };

    /// <summary>Records the end of the run.</summary>
    /// <param name="service">The connection, as target of errors.</param>
    public void Finish(object service)
    {
        var isEnding = IsIncomplete || _sender?.IsEnding != false || _stop.IsCancellationRequested;
        if (!isEnding && Trail?.Journal?.MissingInput is { } missing)
        {
            var unfinished = new InvalidDataException(
                $"the import is not finished: it also has the file '{missing}', which was not specified");
            Fail(Failures.JournalMismatch(unfinished, _options.Trail.Journal!));
        }

        if (Trail is not null)
            Trail.ExitCode = ExitCode;
        Trail?.Finish(Account, _sender?.Stop, !StoppedEarly && !_stop.IsCancellationRequested);
        LogFailure();
        if (_sender?.Stop is { } stop)
            _events.Fail(stop.ToFailure(service, _sender.Account));
    }

    /// <summary>Notes that the run will not come to its end, before it is disposed of.</summary>
    public void Abandon()
    {
        IsIncomplete = true;
        if (Trail is not null)
            Trail.ExitCode = ExitCode;
    }

    /// <summary>What is known at the end of the rules of which the user was warned once, and of what keeps an older value.</summary>
    public IEnumerable<string> WarningsAtEnd => [.. _warnings?.AtEnd ?? [], .. Trail?.State?.Warnings ?? []];

    /// <summary>Records that a signal ends the process.</summary>
    public void Interrupt()
    {
        _isInterrupted = true;
        Trail?.Interrupt();
    }

    /// <summary>
    /// Logs that the import could not begin. Not where another import is using the journal, and so the log, or where the log is an input.
    /// </summary>
    private void LogFailure()
    {
        var sends = _options.Mode is ImportMode.Send or ImportMode.CountAndSend;
        if (Trail is not null || !IsIncomplete || !_mayLog || !sends || _options.Trail.Log is not { } path)
            return;
        _mayLog = false;
        try
        {
            using var log = DeliveryLog.Open(path, _options.LogSubject, TimeProvider.System);
            log.Write(new(), 0, "Incomplete", ExitCode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // It ends with another error, and this would say no more.
        }
    }
}
