using ProfilesModule.Model;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>
/// Brings one batch to the outcome of each of its updates: retries what failed, halves what was refused until the bad
/// updates stand alone, and never sends again what would count twice. Its requests follow one another.
/// </summary>
internal sealed class BatchDelivery(
    IEngageTransport transport, DeliveryOptions options, DeliveryEvents events, DeliveryLedger ledger, TimeProvider time, CancellationToken cancellation)
{
    public async Task DeliverAsync(UpdateBatch batch)
    {
        // The parts still to be sent, the next one on top, so that they go out in input order.
        var parts = new Stack<ReadOnlyMemory<int>>();
        parts.Push(Enumerable.Range(0, batch.Count).ToArray());
        while (parts.TryPop(out var part))
        {
            if (ledger.IsEnding)
                return;
            await DeliverPartAsync(batch, part, parts).ConfigureAwait(false);
        }
    }

    private async Task DeliverPartAsync(UpdateBatch batch, ReadOnlyMemory<int> part, Stack<ReadOnlyMemory<int>> parts)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await SendAsync(batch, part, attempt).ConfigureAwait(false) is not { } verdict)
            {
                SetAsideUnrepeatable(batch, part, 0, "the run was stopped before the reply came");
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
            if (part.IsEmpty)
            {
                await LostAsync(batch, verdict).ConfigureAwait(false);
                return;
            }

            if (attempt > options.MaximumRetryCount)
            {
                RetriesExhausted(batch, part, parts, verdict);
                return;
            }

            if (!await WaitAsync(batch, attempt, verdict).ConfigureAwait(false))
                return;
        }
    }

    /// <summary>Sends one request; null when the run was stopped before the reply came.</summary>
    private async Task<Verdict?> SendAsync(UpdateBatch batch, ReadOnlyMemory<int> part, int attempt)
    {
        var body = part.Length == batch.Count ? batch.WholeBody() : batch.BodyOf(part.Span);
        var started = time.GetTimestamp();
        ledger.RequestSent(body.Length, attempt > 1);
        Verdict verdict;
        try
        {
            verdict = await transport.SendAsync(body, part.Length, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }

        events.BatchSent?.Invoke(new(
            batch.Number, batch[part.Span[0]].Origin, batch[part.Span[^1]].Origin, part.Length, body.Length, attempt, time.GetElapsedTime(started), verdict));
        return verdict;
    }

    /// <summary>Waits before a retry; false when the run ended meanwhile.</summary>
    private async Task<bool> WaitAsync(UpdateBatch batch, int attempt, Verdict verdict)
    {
        var delay = RetryDelay.Before(attempt, options.RetryInterval, verdict.RetryAfter);
        events.Retrying?.Invoke(new(batch.Number, attempt, delay, verdict.Message));
        try
        {
            await Task.Delay(delay, time, ledger.Ending).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        return !ledger.IsEnding;
    }

    /// <summary>
    /// Nothing of the batch may be sent again. The next batch waits as a retry would, and the run ends after as many as there
    /// would have been attempts: else a service that is down would turn the whole input into updates of unknown outcome.
    /// </summary>
    private async Task LostAsync(UpdateBatch batch, Verdict verdict)
    {
        var lost = ledger.BatchLost();
        if (lost > options.MaximumRetryCount)
            ledger.End(new(StopReason.RetriesExhausted, verdict.StatusCode, verdict.Message));
        else
            await WaitAsync(batch, lost, verdict).ConfigureAwait(false);
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
                    Halve(batch, repeatable, parts, verdict, FailureReason.RejectedByService);
                break;
            case VerdictKind.NotApplied:
                Halve(batch, part, parts, verdict, FailureReason.RejectedByService);
                break;
            case VerdictKind.TooLarge:
                Halve(batch, part, parts, verdict, FailureReason.TooLargeForService);
                break;
            case VerdictKind.Fatal:
                ledger.End(new(StopFor(verdict.StatusCode), verdict.StatusCode, verdict.Message));
                if (verdict.MayHaveBeenApplied)
                    SetAsideUnrepeatable(batch, part, verdict.StatusCode, verdict.Message);
                break;
            default:
                throw new InvalidOperationException($"A {verdict.Kind} verdict does not settle a request.");
        }
    }

    private static StopReason StopFor(int statusCode) => statusCode switch
    {
        401 => StopReason.Unauthorized,
        403 => StopReason.Forbidden,
        404 => StopReason.NotFound,
        _ => StopReason.RefusedByService,
    };

    /// <summary>Rejects what the service refused by position. The rest is accepted where the counts say so, else sent again where that is safe.</summary>
    private void SettleByPosition(UpdateBatch batch, ReadOnlyMemory<int> part, Stack<ReadOnlyMemory<int>> parts, Verdict verdict)
    {
        var failed = verdict.Failed.ToDictionary(f => f.Index, f => f.Message);
        ReadOnlyMemory<int> rest = part.ToArray().Where((_, position) => !failed.ContainsKey(position)).ToArray();
        if (!rest.IsEmpty && verdict.ExplainsTheRest)
            Accept(batch, rest.Span);
        foreach (var (position, message) in failed)
            RejectAlone(batch, part.Span[position], verdict.StatusCode, message, FailureReason.RejectedByService);
        if (rest.IsEmpty || verdict.ExplainsTheRest)
            return;
        rest = SetAsideUnrepeatable(batch, rest, verdict.StatusCode, "the reply does not say whether the update was imported");
        if (!rest.IsEmpty)
            parts.Push(rest);
    }

    private void Halve(UpdateBatch batch, ReadOnlyMemory<int> part, Stack<ReadOnlyMemory<int>> parts, Verdict verdict, FailureReason reason)
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
        if (events.UpdateAccepted is not { } accepted)
            return;
        foreach (var index in part)
            accepted(batch[index].Origin);
    }

    private void RejectAlone(UpdateBatch batch, int index, int statusCode, string message, FailureReason reason)
    {
        ledger.Rejected(1);
        Report(batch, [index], statusCode, message, reason);
        ledger.RejectedAlone(statusCode, message);
    }

    private void RetriesExhausted(UpdateBatch batch, ReadOnlyMemory<int> part, Stack<ReadOnlyMemory<int>> parts, Verdict verdict)
    {
        var all = new List<int>(part.ToArray());
        while (parts.TryPop(out var waiting))
            all.AddRange(waiting.ToArray());
        ledger.Rejected(all.Count);
        ledger.End(new(StopReason.RetriesExhausted, verdict.StatusCode, verdict.Message));
        Report(batch, all.ToArray(), verdict.StatusCode, verdict.Message, FailureReason.RetriesExhausted);
    }

    /// <summary>Ends as unknown every update that would count twice if sent again; returns the others.</summary>
    private ReadOnlyMemory<int> SetAsideUnrepeatable(UpdateBatch batch, ReadOnlyMemory<int> part, int statusCode, string message)
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
        Report(batch, unrepeatable.ToArray(), statusCode, message, FailureReason.OutcomeUnknown);
        return part.ToArray().Where(index => batch[index].Operation.IsRepeatable()).ToArray();
    }

    private void Report(UpdateBatch batch, ReadOnlySpan<int> indexes, int statusCode, string message, FailureReason reason)
    {
        if (events.UpdatesFailed is not { } report)
            return;
        var updates = new FailedUpdate[indexes.Length];
        for (var i = 0; i < updates.Length; i++)
            updates[i] = new(batch[indexes[i]].Operation, batch[indexes[i]].Origin, batch.RawRow(indexes[i]).ToArray());
        report(new(reason, statusCode, message, updates));
    }
}
