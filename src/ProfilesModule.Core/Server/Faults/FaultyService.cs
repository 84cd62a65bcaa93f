namespace ProfilesModule.Server;

/// <summary>Answers requests through an <see cref="EngageService"/>, except those that are to fail.</summary>
internal sealed class FaultyService
{
    private readonly EngageService _service;
    private readonly FaultPlan _plan;
    private readonly TimeProvider _time;

    /// <param name="service">What answers when nothing goes wrong.</param>
    /// <param name="plan">What goes wrong.</param>
    /// <param name="time">The clock behind delays.</param>
    public FaultyService(EngageService service, FaultPlan plan, TimeProvider time)
    {
        _service = service;
        _plan = plan;
        _time = time;
    }

    /// <summary>The reply, or null if the connection is to be cut.</summary>
    public async Task<Reply?> AnswerAsync(EngageRequest request, CancellationToken cancellation)
    {
        if (EngageService.EndpointOf(request) is not { } endpoint || _plan.Next(endpoint, () => IngestionEndpoint.CountUpdates(request)) is not { } fault)
            return await _service.AnswerAsync(request, cancellation).ConfigureAwait(false);

        Reply? reply = fault.Kind switch
        {
            ServerFaultKind.Status => FaultReply.Status(fault, request),
            ServerFaultKind.StatusZero => IngestionEndpoint.Refuse(request, "fault on demand"),
            ServerFaultKind.ResetBefore => null,
            _ => Garbled(fault.Kind, await _service.AnswerAsync(request, cancellation).ConfigureAwait(false)),
        };
        if (fault.Delay > TimeSpan.Zero)
            await Task.Delay(fault.Delay, _time, cancellation).ConfigureAwait(false);
        return reply;
    }

    private static Reply? Garbled(ServerFaultKind kind, Reply reply) => kind switch
    {
        ServerFaultKind.ResetAfter => null,
        ServerFaultKind.TruncatedReply => reply.Truncated(),
        ServerFaultKind.HtmlReply => FaultReply.Html(),
        _ => reply,
    };
}
