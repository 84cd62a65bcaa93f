using System.Text;
using ProfilesModule.Server.Http;
using ProfilesModule.Server.Ingestion;

namespace ProfilesModule.Server.Faults;

/// <summary>Counts requests and lets those fail that a fault hits.</summary>
internal sealed class FaultPlan(TimeProvider time)
{
    private const string SignInPage = "<html><head><title>Welcome</title></head><body>Please sign in to the network.</body></html>";
    private const string Unreachable = "upstream connect error or disconnect/reset before headers";
    private const string NoPlan = "Your plan does not allow API calls. Upgrade at mixpanel.com/pricing";

    private readonly object _gate = new();
    private readonly Dictionary<ServerFaultEndpoint, long> _requests = [];
    private (ServerFault Fault, RollingLimit? Limit)[] _faults = [];

    /// <summary>The faults. Setting them starts to count anew.</summary>
    public IReadOnlyList<ServerFault> Faults
    {
        get
        {
            lock (_gate)
                return [.. _faults.Select(item => item.Fault)];
        }

        set
        {
            lock (_gate)
            {
                _faults = [.. value.Select(fault => (fault, fault.IsLimit ? new RollingLimit(fault, time) : null))];
                _requests.Clear();
            }
        }
    }

    /// <summary>The fault that hits a request, which counts from then on; null if none does.</summary>
    public ServerFault? Next(ServerFaultEndpoint endpoint, EngageRequest request)
    {
        lock (_gate)
        {
            var number = _requests[endpoint] = _requests.GetValueOrDefault(endpoint) + 1;
            foreach (var (fault, limit) in _faults)
            {
                if (fault.Endpoint == endpoint && (limit?.IsOver(request) ?? fault.Hits(number)))
                    return fault;
            }

            return null;
        }
    }

    /// <summary>The reply to a request, or what a fault makes of it; null cuts the connection.</summary>
    public async Task<Reply?> AnswerAsync(ServerFault? fault, EngageRequest request, IEngageRoute route, CancellationToken cancellation)
    {
        if (fault is null)
            return await route.AnswerAsync(request, cancellation).ConfigureAwait(false);

        var reply = fault.Kind switch
        {
            ServerFaultKind.Status => StatusReply(fault, request),
            ServerFaultKind.StatusZero => new IngestionReply(new(request)).Refused("fault on demand"),
            ServerFaultKind.ResetBefore => null,
            _ => Spoil(await route.AnswerAsync(request, cancellation).ConfigureAwait(false), fault.Kind),
        };
        if (fault.Delay > TimeSpan.Zero)
            await Task.Delay(fault.Delay, time, cancellation).ConfigureAwait(false);
        return reply;
    }

    private static Reply? Spoil(Reply reply, ServerFaultKind kind) => kind switch
    {
        ServerFaultKind.ResetAfter => null,
        ServerFaultKind.TruncatedReply => reply with { Status = 200, Body = reply.Body[..(reply.Body.Length / 2)] },
        ServerFaultKind.HtmlReply => Reply.Html(200, SignInPage),
        _ => reply,
    };

    // Source: official descriptions for 413 and 429 of updates, recorded traffic for the others.
    private static Reply StatusReply(ServerFault fault, EngageRequest request)
    {
        var reply = (fault.Status, fault.Endpoint) switch
        {
            (402, _) => Reply.Json(402, writer => writer.WriteString("error", NoPlan)),
            (413, _) => Reply.TooLarge(RequestBody.MaximumLength, "bytes"),
            (429, ServerFaultEndpoint.Query) => Reply.Json(429, writer =>
            {
                const string limit = "1/5 queries running concurrently and 61/60 queries running in the last hour.";
                writer.WriteString("request", request.Path);
                writer.WriteString("error", $"Query rate limit exceeded for project_id: 1. {limit}");
            }),
            (429, _) => Reply.Refused(
                429, "Project exceeded rate limits. Please retry the request with exponential backoff.", "Too Many Requests"),
            ( >= 500, _) => new(fault.Status, Encoding.UTF8.GetBytes(Unreachable)) { ContentType = "text/plain" },
            _ => Reply.Error(fault.Status, $"fault on demand: {fault.Status}"),
        };
        return reply with { RetryAfter = fault.RetryAfter };
    }

    /// <summary>What was let through within the window. Its owner locks. One of the two limits of the fault is 0.</summary>
    private sealed class RollingLimit(ServerFault fault, TimeProvider time)
    {
        private readonly Queue<(long Time, int Count)> _passed = [];
        private long _count;

        public bool IsOver(EngageRequest request)
        {
            while (_passed.TryPeek(out var oldest) && time.GetElapsedTime(oldest.Time) >= fault.Window)
                _count -= _passed.Dequeue().Count;
            var count = fault.MaxUpdates > 0 ? IngestionEndpoint.CountUpdates(request) : 1;
            if (_count + count > fault.MaxUpdates + fault.MaxRequests)
                return true;
            _passed.Enqueue((time.GetTimestamp(), count));
            _count += count;
            return false;
        }
    }
}
