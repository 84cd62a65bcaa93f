namespace ProfilesModule.Wire;

/// <summary>Reads what a reply of <c>/engage</c> says about the updates of its request.</summary>
/// <remarks>
/// The service answers 200 both for success and for failure, so the body decides. Its parts must agree to be a verdict: what
/// disagrees, or cannot be read, is a failed attempt whose updates may have been applied.
/// Source: official ingestion description, responses of /engage; the table in docs/architecture.md, "What each reply means".
/// </remarks>
internal static class ReplyReader
{
    private const string Contradiction = "the reply does not make clear which updates were imported";

    /// <summary>Reads a reply.</summary>
    public static Verdict Read(int statusCode, ReadOnlyMemory<byte> body, int updates, TimeSpan? retryAfter = null, ServiceText? text = null)
    {
        text ??= ServiceText.WithoutSecrets;
        var reply = ReplyBody.Parse(body, text);
        var verdict = statusCode is 200 or 400 && reply.IsOfService ? OfBody(statusCode, reply, updates) : OfCode(statusCode, reply);
        if (verdict.Message == Contradiction)
            verdict = verdict with { Message = ReplyBody.Shape(body, text) is { Length: > 0 } shape ? $"{Contradiction} ({updates} sent): {shape}" : "the reply cannot be read, or was cut off" };
        return verdict with
        {
            IsOfService = reply.IsOfService || (body.IsEmpty && statusCode is not (>= 300 and < 400)),
            RetryAfter = verdict.Kind == VerdictKind.Transient ? retryAfter : null,
        };
    }

    private static Verdict OfBody(int statusCode, ReplyBody reply, int updates)
    {
        // What a body without a status says is the code's to say, and that of a refusal is plain.
        var status = reply.Status switch
        {
            ReplyStatus.Absent or ReplyStatus.Named when statusCode == 400 => ReplyStatus.Refused,
            var said => said,
        };
        var codeAgrees = reply.Code is null || reply.Code == statusCode || (reply.Code == 400 && status == ReplyStatus.Refused);
        if (!codeAgrees || reply.HasImpossibleCount || reply.Imported > updates)
            return Unclear(statusCode);
        return (statusCode, status) switch
        {
            (200, ReplyStatus.Ok) => Success(reply, updates),
            (_, ReplyStatus.Refused) => Refusal(statusCode, reply, updates),
            _ => Unclear(statusCode),
        };
    }

    /// <summary>A reply that claims success: "at least one update is valid", as the service describes its 1.</summary>
    private static Verdict Success(ReplyBody reply, int updates)
    {
        if (reply.Imported == 0)
            return Unclear(200);
        if (reply.Failed.Count > 0)
            return Listed(200, reply, updates);
        if (reply.Imported < updates)
            return Partial(200, reply, updates);
        return reply.Error is null ? new(VerdictKind.Accepted, 200, "") : Unclear(200);
    }

    private static Verdict Refusal(int statusCode, ReplyBody reply, int updates) => reply switch
    {
        { Failed.Count: > 0 } => Listed(statusCode, reply, updates),
        { Imported: null or 0 } => new(VerdictKind.NotApplied, statusCode, reply.Error ?? "the service refused the request and did not say why"),
        _ when reply.Imported == updates => Unclear(statusCode),
        _ => Partial(statusCode, reply, updates),
    };

    /// <summary>A reply that lists what failed.</summary>
    private static Verdict Listed(int statusCode, ReplyBody reply, int updates)
    {
        var located = new Dictionary<int, FailedRecord>();
        var areLocated = reply.Failed.All(failed => failed.Index >= 0 && failed.Index < updates && located.TryAdd(failed.Index, failed));
        var rest = updates - located.Count;
        if (reply.Imported == updates || (reply.Status == ReplyStatus.Ok && areLocated && rest == 0))
            return Unclear(statusCode);
        if (!areLocated)
        {
            return reply.Imported == 0 || updates == 1
                ? new(VerdictKind.NotApplied, statusCode, reply.Failed[0].Message)
                : new(VerdictKind.Partial, statusCode, reply.Failed[0].Message);
        }

        if (reply.Imported is not null && reply.Imported != rest && reply.Imported != 0)
            return Unclear(statusCode);
        return new(VerdictKind.PartlyRejected, statusCode, reply.Error ?? "")
        {
            Failed = [.. located.Values],
            Rest = rest == 0 || reply.Imported == rest ? RestOfUpdates.Accepted : reply.Imported == 0 ? RestOfUpdates.NotApplied : RestOfUpdates.Unknown,
        };
    }

    private static Verdict Partial(int statusCode, ReplyBody reply, int updates) =>
        new(VerdictKind.Partial, statusCode, $"the service imported {reply.Imported} of {updates} updates and did not say which");

    private static Verdict OfCode(int statusCode, ReplyBody reply)
    {
        // A body that claims success, or counts some, contradicts a code that says that nothing was done.
        var claimsSome = reply.Status == ReplyStatus.Ok || reply.Imported is not (null or 0);
        var message = reply.Error ?? $"the service answered {statusCode}";
        return statusCode switch
        {
            200 => new(VerdictKind.Transient, statusCode, "the reply is empty, or not from the service") { MayHaveBeenApplied = true },
            413 when !claimsSome => new(VerdictKind.TooLarge, statusCode, reply.Error ?? "the request is larger than the service accepts"),
            408 or 413 or 429 or >= 500 and < 600 => new(VerdictKind.Transient, statusCode, message) { MayHaveBeenApplied = claimsSome || statusCode != 429 },
            >= 400 and < 500 => new(VerdictKind.Fatal, statusCode, message) { MayHaveBeenApplied = claimsSome || statusCode is not (400 or 401 or 403 or 404 or 407) },
            >= 300 and < 400 => new(VerdictKind.Transient, statusCode, "the service answered with a redirect") { MayHaveBeenApplied = true },
            _ => new(VerdictKind.Transient, statusCode, $"the service answered {statusCode}, which is neither success nor failure") { MayHaveBeenApplied = true },
        };
    }

    private static Verdict Unclear(int statusCode) => new(VerdictKind.Transient, statusCode, Contradiction) { MayHaveBeenApplied = true };
}
