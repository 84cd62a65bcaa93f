using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery;

/// <summary>
/// Does what the reply to a part of a batch says: gives its updates their outcome, halves a part that was refused until the bad
/// updates stand alone, and never has anything sent again that would count twice.
/// </summary>
internal sealed class BatchSettlement(
    DeliveryOptions options, DeliveryEvents events, DeliveryLedger ledger, RunEnd end, DeliveryTrail? trail)
{
    /// <summary>Takes a reply after which the part is not sent again as it is.</summary>
    public void Settle(UpdateBatch batch, ReadOnlyMemory<int> part, Verdict verdict)
    {
        switch (verdict.Kind)
        {
            case VerdictKind.Accepted:
                Accept(batch, part.Span);
                break;
            case VerdictKind.PartlyRejected:
                SettleByPosition(batch, part, verdict);
                break;
            case VerdictKind.Partial:
                // One that is left over was refused together with others, which says nothing about it alone.
                var repeatable = SetAsideUnrepeatable(batch, part, verdict);
                if (repeatable.Length == 1 && part.Length > 1)
                    batch.Parts.Push(repeatable);
                else
                    Halve(batch, repeatable, verdict, ErrorId.UpdateRejected);
                break;
            case VerdictKind.NotApplied:
                Halve(batch, part, verdict, ErrorId.UpdateRejected);
                break;
            case VerdictKind.TooLarge:
                Halve(batch, part, verdict, ErrorId.UpdateTooLarge);
                break;
            case VerdictKind.Fatal:
                end.End(new(StopFor(verdict), verdict.StatusCode, verdict.Message), RunEnd.UntilReplies);
                if (verdict.MayHaveBeenApplied)
                    EndAsUnknown(batch, part, verdict);
                break;
            default:
                throw new InvalidOperationException($"A {verdict.Kind} verdict does not settle a request.");
        }
    }

    /// <summary>Takes a request that was broken off before its reply came.</summary>
    public void BreakOff(UpdateBatch batch, ReadOnlyMemory<int> part)
    {
        ledger.BrokenOff(part.Length);
        EndAsUnknown(batch, part, new(VerdictKind.Transient, 0, "the run was stopped before the reply came"));
    }

    /// <summary>Takes a part of which every attempt failed, or of which nothing may be sent again.</summary>
    public void GiveUp(UpdateBatch batch, ReadOnlyMemory<int> part, Verdict verdict)
    {
        // Where something else answered, that is the cause to look for, and not why the service is down.
        var isOther = verdict is { IsOfService: false, StatusCode: > 0 and < 500 and not (408 or 429) };
        var stop = new DeliveryStop(isOther ? ErrorId.NotTheService : ErrorId.RetriesExhausted, verdict.StatusCode, verdict.Message);

        // A journal sends these rows again before any that follow them, so they are unsent, not rejected.
        if (part.IsEmpty || (trail?.Journal is not null && options.MaxFailure is null))
        {
            end.End(stop, RunEnd.UntilReplies);
            return;
        }

        var all = new List<int>(part.ToArray());
        while (batch.Parts.TryPop(out var waiting))
            all.AddRange(waiting.ToArray());
        if (ledger.BatchFailed(all.Count) >= (options.MaxFailure ?? 1))
            end.End(stop, RunEnd.UntilReplies);
        Report(batch, all.ToArray(), verdict, ErrorId.DeliveryFailed);
    }

    /// <summary>
    /// Ends as unknown every update that would count twice if sent again, unless the user wants that; returns the others.
    /// </summary>
    public ReadOnlyMemory<int> SetAsideUnrepeatable(UpdateBatch batch, ReadOnlyMemory<int> part, Verdict verdict) =>
        options.RetryAmbiguous ? part : EndAsUnknown(batch, part, verdict);

    private ReadOnlyMemory<int> EndAsUnknown(UpdateBatch batch, ReadOnlyMemory<int> part, Verdict verdict)
    {
        if (batch.IsRepeatable(part.Span))
            return part;
        var byRepeatable = part.ToArray().ToLookup(index => batch.IsRepeatable([index]));
        int[] unrepeatable = [.. byRepeatable[false]];
        ledger.Unknown(unrepeatable.Length);
        Report(batch, unrepeatable, verdict, ErrorId.OutcomeUnknown);
        return byRepeatable[true].ToArray();
    }

    private static ErrorId StopFor(Verdict verdict) => verdict.StatusCode switch
    {
        0 => ErrorId.CertificateRefused,
        _ when !verdict.IsOfService && verdict.StatusCode is not (407 or 414) => ErrorId.NotTheService,
        401 => ErrorId.ServiceUnauthorized,
        403 => ErrorId.ServiceForbidden,
        404 => ErrorId.ServiceNotFound,
        _ => ErrorId.ServiceRefused,
    };

    /// <summary>
    /// Rejects what the service refused by position. The rest is accepted where the reply says so, else sent again where that is
    /// safe.
    /// </summary>
    private void SettleByPosition(UpdateBatch batch, ReadOnlyMemory<int> part, Verdict verdict)
    {
        var failed = FailedRows(batch, part.Span, verdict);
        ReadOnlyMemory<int> rest = part.ToArray().Where((_, position) => !failed.ContainsKey(position)).ToArray();
        if (!rest.IsEmpty && verdict.Rest == RestOfUpdates.Accepted)
            Accept(batch, rest.Span);
        foreach (var (position, (message, records)) in failed)
        {
            var (index, refused) = (part.Span[position], verdict with { Message = message });

            // Of a row that appends several elements, some may have been appended, and would be once more.
            var isPartOfRow = records < batch[index].Records && verdict.Rest != RestOfUpdates.NotApplied;
            if (!isPartOfRow || !SetAsideUnrepeatable(batch, new[] { index }, refused).IsEmpty)
                RejectAlone(batch, index, refused, ErrorId.UpdateRejected);
        }

        if (verdict.Rest == RestOfUpdates.Accepted)
            return;
        if (verdict.Rest == RestOfUpdates.Unknown)
            rest = SetAsideUnrepeatable(batch, rest, verdict with { Message = "the reply does not say whether the update was imported" });
        if (!rest.IsEmpty)
            batch.Parts.Push(rest);
    }

    /// <summary>
    /// What is wrong with which rows, by their position in a request, and how many of their records were refused. A row is refused
    /// with any of them.
    /// </summary>
    private static Dictionary<int, (string Message, int Records)> FailedRows(UpdateBatch batch, ReadOnlySpan<int> part, Verdict verdict)
    {
        var rows = new List<int>();
        for (var i = 0; i < part.Length; i++)
            rows.AddRange(Enumerable.Repeat(i, batch[part[i]].Records));
        return verdict.Failed.GroupBy(failed => rows[failed.Index]).ToDictionary(row => row.Key, row => (row.First().Message, row.Count()));
    }

    private void Halve(UpdateBatch batch, ReadOnlyMemory<int> part, Verdict verdict, ErrorId reason)
    {
        if (part.Length > 1)
        {
            batch.Parts.Push(part[(part.Length / 2)..]);
            batch.Parts.Push(part[..(part.Length / 2)]);
        }
        else if (part.Length == 1)
        {
            RejectAlone(batch, part.Span[0], verdict, reason);
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

    private void RejectAlone(UpdateBatch batch, int index, Verdict verdict, ErrorId reason)
    {
        ledger.Refused();
        Report(batch, [index], verdict, reason);
        ledger.RejectedAlone(verdict.StatusCode, verdict.Message, batch.BodyOf([index]).Span);
    }

    private void Report(UpdateBatch batch, ReadOnlySpan<int> indexes, Verdict verdict, ErrorId reason)
    {
        batch.End(indexes, reason == ErrorId.OutcomeUnknown ? RowOutcome.Unknown : RowOutcome.Rejected);
        var (error, errorId) = ($"{Failures.Explanation(reason)}: {verdict.Message}", reason.ToString());
        foreach (var index in indexes)
            batch.Explain(index, error, errorId);

        if (events.UpdatesFailed is not { } report)
            return;
        var updates = new FailedUpdate[indexes.Length];
        for (var i = 0; i < updates.Length; i++)
            updates[i] = new(batch[indexes[i]].Operation, batch[indexes[i]].Origin, RowExcerpt.Of(batch.RawRow(indexes[i])));
        report(new(reason, verdict.StatusCode, verdict.Message, updates));
    }
}
