using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>
/// Brings one batch to the outcome of each of its updates: retries what failed, halves what was refused until the bad
/// updates stand alone, and never sends again what would count twice. Its requests follow one another.
/// </summary>
internal sealed class BatchDelivery(
    IEngageTransport transport, DeliveryOptions options, DeliveryEvents events, DeliveryLedger ledger, DeliveryTrail? trail, RequestWaits waits, TimeProvider time, CancellationToken cancellation)
{
    private readonly RequestGate _gate = new(waits, options);

    // The first part of every batch; no batch has more rows.
    private readonly int[] _indexes = [.. Enumerable.Range(0, options.UpdatesPerRequest)];

    public async Task DeliverAsync(UpdateBatch batch)
    {
        // The parts still to be sent, the next one on top, so that they go out in input order.
        var parts = new Stack<ReadOnlyMemory<int>>();
        if (batch.Count > 0)
            parts.Push(_indexes.AsMemory(0, batch.Count));
        while (!ledger.IsEnding && parts.TryPop(out var part))
            await DeliverPartAsync(batch, part, parts).ConfigureAwait(false);
        trail?.BatchEnded(batch);
    }

    private async Task DeliverPartAsync(UpdateBatch batch, ReadOnlyMemory<int> part, Stack<ReadOnlyMemory<int>> parts)
    {
        var failures = 0;
        for (var attempt = 1; ; attempt++)
        {
            if (await PassAsync(batch, part).ConfigureAwait(false) is not { } entered)
                return;
            if (await SendAsync(batch, part, attempt, entered).ConfigureAwait(false) is not var (verdict, pace))
            {
                ledger.BrokenOff(part.Length);
                EndAsUnknown(batch, part, 0, "the run was stopped before the reply came");
                return;
            }

            if (verdict.Kind != VerdictKind.Transient)
            {
                Settle(batch, part, parts, verdict);
                return;
            }

            if (verdict.MayHaveBeenApplied)
                part = SetAsideUnrepeatable(batch, part, verdict.StatusCode, verdict.Message);
            if (ledger.IsEnding)
                return;
            EndWhereTooLong(verdict);
            if (part.IsEmpty)
            {
                await LostAsync(batch, verdict).ConfigureAwait(false);
                return;
            }

            // A pause is no attempt while the run goes on between pauses: it is what the service asked for.
            var failed = pace.Pause is null ? ++failures : pace.PausesInARow;
            if (failed > options.MaximumRetryCount || ledger.Stop?.Id == ErrorId.RetriesExhausted)
            {
                RetriesExhausted(batch, part, parts, verdict);
                return;
            }

            if (!await WaitAsync(batch, failed, pace.Pause, verdict).ConfigureAwait(false))
                return;
        }
    }

    /// <summary>Waits for the turn of a request; null when the run ended meanwhile.</summary>
    private async Task<int?> PassAsync(UpdateBatch batch, ReadOnlyMemory<int> part)
    {
        int? entered = null;
        try
        {
            entered = await _gate.EnterAsync(batch.RecordsOf(part.Span), ledger.Ending).ConfigureAwait(false);
            if (trail?.Sending(batch, part) != false)
            {
                // That took a while, in which another request may have been told to wait.
                await _gate.PauseEndedAsync(ledger.Ending).ConfigureAwait(false);
                if (!ledger.IsEnding)
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

    /// <summary>Sends one request; null when the run was stopped before the reply came.</summary>
    private async Task<(Verdict Verdict, RequestPace Pace)?> SendAsync(UpdateBatch batch, ReadOnlyMemory<int> part, int attempt, int entered)
    {
        var body = part.Length == batch.Count ? batch.WholeBody() : batch.BodyOf(part.Span);
        var records = batch.RecordsOf(part.Span);
        var started = time.GetTimestamp();
        ledger.RequestSent(body.Length, attempt > 1);
        waits.RequestBegins();
        Verdict? verdict = null;
        RequestPace pace;
        try
        {
            verdict = await transport.SendAsync(body, records, options.RetryAmbiguous || IsRepeatable(batch, part.Span), cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            waits.RequestEnds();

            // What one request is told holds for all, and before anything else: a service that has too much asks every sender to wait.
            pace = _gate.Leave(entered, verdict);
        }

        var sent = new BatchSent(
            batch.Number, batch[part.Span[0]].Origin, batch[part.Span[^1]].Origin, records, body.Length, attempt, time.GetElapsedTime(started), verdict, pace.AtOnce);
        trail?.Sent(sent);
        events.BatchSent?.Invoke(sent);
        return (verdict, pace);
    }

    /// <summary>Ends the run where the service asks for a wait that is longer than what is left of it, or than any process should sit through.</summary>
    private void EndWhereTooLong(Verdict verdict)
    {
        if (verdict.RetryAfter is not { } asked)
            return;
        var message = $"the service asked to wait {RetryDelay.Describe(asked)} ({verdict.Message.TrimEnd('.')})";
        if (waits.Now + asked > options.Timeout)
            ledger.End(new(ErrorId.TimeoutReached, verdict.StatusCode, $"{message}, and it was to take {RetryDelay.Describe(options.Timeout.Value)} at the most"));
        else if (RetryDelay.IsTooLong(asked))
            ledger.End(new(ErrorId.RetriesExhausted, verdict.StatusCode, message));
    }

    /// <summary>Waits before a retry; false when the run ended meanwhile.</summary>
    private async Task<bool> WaitAsync(UpdateBatch batch, int attempt, TimeSpan? pause, Verdict verdict)
    {
        var delay = pause ?? RetryDelay.Before(attempt, options.RetryInterval, verdict.RetryAfter);
        var waiting = waits.DelayAsync(ReasonFor(verdict), delay, ledger.Ending);
        events.Retrying?.Invoke(new(batch.Number, attempt, delay, verdict.Message));
        try
        {
            await waiting.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        return !ledger.IsEnding;
    }

    private static WaitReason ReasonFor(Verdict verdict) => verdict.RetryAfter is null ? WaitReason.Retry : WaitReason.RetryAfter;

    /// <summary>
    /// Nothing of the batch may be sent again. The next batch waits as a retry would, and the run ends after as many as there
    /// would have been attempts: else a service that is down would turn the whole input into updates of unknown outcome.
    /// </summary>
    private async Task LostAsync(UpdateBatch batch, Verdict verdict)
    {
        var lost = ledger.BatchLost();
        if (lost > options.MaximumRetryCount)
            ledger.End(StopAfterRetries(verdict));
        else
            await WaitAsync(batch, lost, null, verdict).ConfigureAwait(false);
    }

    private void Settle(UpdateBatch batch, ReadOnlyMemory<int> part, Stack<ReadOnlyMemory<int>> parts, Verdict verdict)
    {
        switch (verdict.Kind)
        {
            case VerdictKind.Accepted:
                Accept(batch, part.Span);
                break;
            case VerdictKind.PartlyRejected:
                SettleByPosition(batch, part, parts, verdict);
                break;
            case VerdictKind.Partial:
                // One that is left over was refused in company, which says nothing about it alone.
                var repeatable = SetAsideUnrepeatable(batch, part, verdict.StatusCode, verdict.Message);
                if (repeatable.Length == 1 && part.Length > 1)
                    parts.Push(repeatable);
                else
                    Halve(batch, repeatable, parts, verdict, ErrorId.UpdateRejected);
                break;
            case VerdictKind.NotApplied:
                Halve(batch, part, parts, verdict, ErrorId.UpdateRejected);
                break;
            case VerdictKind.TooLarge:
                Halve(batch, part, parts, verdict, ErrorId.UpdateTooLarge);
                break;
            case VerdictKind.Fatal:
                ledger.End(new(StopFor(verdict), verdict.StatusCode, verdict.Message));
                if (verdict.MayHaveBeenApplied)
                    EndAsUnknown(batch, part, verdict.StatusCode, verdict.Message);
                break;
            default:
                throw new InvalidOperationException($"A {verdict.Kind} verdict does not settle a request.");
        }
    }

    private static bool IsRepeatable(UpdateBatch batch, ReadOnlySpan<int> part)
    {
        foreach (var index in part)
        {
            if (!batch[index].Operation.IsRepeatable())
                return false;
        }

        return true;
    }

    /// <summary>Why a run ends whose attempts all failed: where something else answered, that is to be found out, and not why the service is down.</summary>
    private static DeliveryStop StopAfterRetries(Verdict verdict) => new(
        verdict is { IsOfService: false, StatusCode: > 0 and < 500 and not (408 or 429) } ? ErrorId.NotTheService : ErrorId.RetriesExhausted, verdict.StatusCode, verdict.Message);

    private static ErrorId StopFor(Verdict verdict) => verdict.StatusCode switch
    {
        0 => ErrorId.CertificateRefused,
        _ when !verdict.IsOfService && verdict.StatusCode is not (407 or 414) => ErrorId.NotTheService,
        401 => ErrorId.ServiceUnauthorized,
        403 => ErrorId.ServiceForbidden,
        404 => ErrorId.ServiceNotFound,
        _ => ErrorId.ServiceRefused,
    };

    /// <summary>Rejects what the service refused by position. The rest is accepted where the reply says so, else sent again where that is safe.</summary>
    private void SettleByPosition(UpdateBatch batch, ReadOnlyMemory<int> part, Stack<ReadOnlyMemory<int>> parts, Verdict verdict)
    {
        var failed = FailedRows(batch, part.Span, verdict);
        ReadOnlyMemory<int> rest = part.ToArray().Where((_, position) => !failed.ContainsKey(position)).ToArray();
        if (!rest.IsEmpty && verdict.Rest == RestOfUpdates.Accepted)
            Accept(batch, rest.Span);
        foreach (var (position, message) in failed)
            RejectAlone(batch, part.Span[position], verdict.StatusCode, message, ErrorId.UpdateRejected);
        if (verdict.Rest == RestOfUpdates.Accepted)
            return;
        if (verdict.Rest == RestOfUpdates.Unknown)
            rest = SetAsideUnrepeatable(batch, rest, verdict.StatusCode, "the reply does not say whether the update was imported");
        if (!rest.IsEmpty)
            parts.Push(rest);
    }

    /// <summary>What is wrong with which rows, by their position in a request. One of several records that is refused refuses its row.</summary>
    private static Dictionary<int, string> FailedRows(UpdateBatch batch, ReadOnlySpan<int> part, Verdict verdict)
    {
        if (batch.Records == batch.Count)
            return verdict.Failed.ToDictionary(f => f.Index, f => f.Message);
        var rows = new List<int>();
        for (var i = 0; i < part.Length; i++)
            rows.AddRange(Enumerable.Repeat(i, batch[part[i]].Records));
        var failed = new Dictionary<int, string>();
        foreach (var (record, message) in verdict.Failed)
            failed.TryAdd(rows[record], message);
        return failed;
    }

    private void Halve(UpdateBatch batch, ReadOnlyMemory<int> part, Stack<ReadOnlyMemory<int>> parts, Verdict verdict, ErrorId reason)
    {
        if (part.Length > 1)
        {
            parts.Push(part[(part.Length / 2)..]);
            parts.Push(part[..(part.Length / 2)]);
        }
        else if (part.Length == 1)
        {
            RejectAlone(batch, part.Span[0], verdict.StatusCode, verdict.Message, reason);
        }
    }

    private void Accept(UpdateBatch batch, ReadOnlySpan<int> part)
    {
        ledger.Accepted(part.Length);
        batch.End(part, RowOutcome.Accepted);
        trail?.Accepted(batch, part);
        if (events.UpdateAccepted is not { } accepted)
            return;
        foreach (var index in part)
            accepted(batch[index].Origin);
    }

    private void RejectAlone(UpdateBatch batch, int index, int statusCode, string message, ErrorId reason)
    {
        ledger.Refused();
        Report(batch, [index], statusCode, message, reason);
        ledger.RejectedAlone(statusCode, message, batch.BodyOf([index]).Span);
    }

    private void RetriesExhausted(UpdateBatch batch, ReadOnlyMemory<int> part, Stack<ReadOnlyMemory<int>> parts, Verdict verdict)
    {
        var stop = StopAfterRetries(verdict);
        if (trail?.Journal is not null && options.MaxFailure is null)
        {
            // The journal brings these rows back before any that follow them, so they are not rejected but unsent.
            ledger.End(stop);
            return;
        }

        var all = new List<int>(part.ToArray());
        while (parts.TryPop(out var waiting))
            all.AddRange(waiting.ToArray());
        if (ledger.BatchFailed(all.Count) >= (options.MaxFailure ?? 1))
            ledger.End(stop);
        Report(batch, all.ToArray(), verdict.StatusCode, verdict.Message, ErrorId.DeliveryFailed);
    }

    /// <summary>Ends as unknown every update that would count twice if sent again, unless the user wants that; returns the others.</summary>
    private ReadOnlyMemory<int> SetAsideUnrepeatable(UpdateBatch batch, ReadOnlyMemory<int> part, int statusCode, string message) =>
        options.RetryAmbiguous ? part : EndAsUnknown(batch, part, statusCode, message);

    /// <summary>Ends as unknown every update that would count twice if sent again; returns the others.</summary>
    private ReadOnlyMemory<int> EndAsUnknown(UpdateBatch batch, ReadOnlyMemory<int> part, int statusCode, string message)
    {
        List<int>? unrepeatable = null;
        foreach (var index in part.Span)
        {
            if (!batch[index].Operation.IsRepeatable())
                (unrepeatable ??= []).Add(index);
        }

        if (unrepeatable is null)
            return part;
        ledger.Unknown(unrepeatable.Count);
        Report(batch, unrepeatable.ToArray(), statusCode, message, ErrorId.OutcomeUnknown);
        return part.ToArray().Where(index => batch[index].Operation.IsRepeatable()).ToArray();
    }

    private void Report(UpdateBatch batch, ReadOnlySpan<int> indexes, int statusCode, string message, ErrorId reason)
    {
        batch.End(indexes, reason == ErrorId.OutcomeUnknown ? RowOutcome.Unknown : RowOutcome.Rejected);
        var (error, errorId) = ($"{reason.Explanation()}: {message}", reason.ToString());
        foreach (var index in indexes)
            batch.Explain(index, error, errorId);

        if (events.UpdatesFailed is not { } report)
            return;
        var updates = new FailedUpdate[indexes.Length];
        for (var i = 0; i < updates.Length; i++)
            updates[i] = new(batch[indexes[i]].Operation, batch[indexes[i]].Origin, ShownRow.Of(batch.RawRow(indexes[i])));
        report(new(reason, statusCode, message, updates));
    }
}
