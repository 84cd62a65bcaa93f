using System.Text.Json;
using ProfilesModule.Model;

namespace ProfilesModule.Server;

/// <summary>Answers <c>/engage</c> and <c>/groups</c>: reads the updates of a request, applies the valid ones in one transaction, replies.</summary>
internal sealed class IngestionEndpoint : IDisposable
{
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 64 };

    private readonly IProfileStore _store;
    private readonly DelayedReads _reads;
    private readonly ProfileKeys _keys;
    private readonly string? _token;

    // The store serialises writers by blocking them; here they wait without holding a thread each.
    private readonly SemaphoreSlim _writer = new(1);
    private long _updateCount;

    /// <param name="store">Where the profiles are.</param>
    /// <param name="reads">What is told of each write.</param>
    /// <param name="keys">Which profile an update is for.</param>
    /// <param name="token">The project's token, or null if every token is.</param>
    public IngestionEndpoint(IProfileStore store, DelayedReads reads, ProfileKeys keys, string? token)
    {
        _store = store;
        _reads = reads;
        _keys = keys;
        _token = token;
    }

    /// <summary>How many updates have been applied.</summary>
    public long UpdateCount => Interlocked.Read(ref _updateCount);

    /// <summary>Answers a request with status 0, in the form that it asks for.</summary>
    public static Reply Refuse(EngageRequest request, string message)
    {
        IngestionParameters.TryRead(request.Query, EngagePayload.From(request).Fields, ProfileKind.User, out IngestionParameters parameters, out _);
        return new IngestionReply(parameters).Refused(message);
    }

    /// <summary>How many updates a request brings; 0 when it cannot be read.</summary>
    public static int CountUpdates(EngageRequest request)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(EngagePayload.From(request).Json, JsonOptions);
            return document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement.GetArrayLength() : 1;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    public async Task<Reply> HandleAsync(EngageRequest request, ProfileKind kind, CancellationToken cancellation)
    {
        EngagePayload payload = EngagePayload.From(request);
        if (!IngestionParameters.TryRead(request.Query, payload.Fields, kind, out IngestionParameters parameters, out string? error))
            return new IngestionReply(parameters).Malformed(error);

        var reply = new IngestionReply(parameters);
        if (payload.Json.IsEmpty)
            return reply.NothingSent();
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload.Json, JsonOptions);
            return await HandleAsync(document.RootElement, kind, payload.Json.Length, request.ReceivedAt, reply, parameters, cancellation).ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            return reply.Malformed($"data, not valid JSON: {e.Message}");
        }
    }

    public void Dispose() => _writer.Dispose();

    private async Task<Reply> HandleAsync(
        JsonElement data,
        ProfileKind kind,
        int payloadLength,
        DateTimeOffset receivedAt,
        IngestionReply reply,
        IngestionParameters parameters,
        CancellationToken cancellation)
    {
        if (data.ValueKind == JsonValueKind.Array && data.GetArrayLength() > Limits.MaximumBatchSize)
            return Reply.TooLarge($"request exceeds max limit of {Limits.MaximumBatchSize} updates");

        // Everything that needs no store happens before the lock.
        var updates = new List<ProfileUpdate>();
        var failures = new List<RecordFailure>();
        using var json = new JsonBuffer();
        var reader = new UpdateReader(kind, json, receivedAt, payloadLength, parameters.Strict);
        int index = 0;
        foreach (JsonElement record in data.ValueKind == JsonValueKind.Array ? data.EnumerateArray() : Enumerable.Repeat(data, 1))
        {
            if (reader.TryRead(record, index++, out ProfileUpdate? update, out RecordFailure? failure))
                updates.Add(update);
            else
                failures.Add(failure);
        }
        if (index == 0)
            return reply.NothingSent();

        await ApplyAsync(updates, json, cancellation).ConfigureAwait(false);
        return reply.Applied(updates.Count, failures);
    }

    // What is for another project or for a group key that this one does not know is answered alike and stored nowhere.
    private async Task ApplyAsync(List<ProfileUpdate> updates, JsonBuffer json, CancellationToken cancellation)
    {
        var own = new List<(ProfileKey Key, ProfileUpdate Update)>(updates.Count);
        foreach (ProfileUpdate update in updates)
        {
            if ((_token is null || update.Token == _token) && _keys.Find(update) is { } key)
                own.Add((key, update));
        }
        if (own.Count == 0)
            return;

        await _writer.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var updater = new ProfileUpdater(json);
            int applied = 0;
            _reads.BeforeWrite();
            _store.Write(transaction => applied = own.Count(item => updater.Apply(transaction, item.Key, item.Update)));
            Interlocked.Add(ref _updateCount, applied);
        }
        finally
        {
            _writer.Release();
        }
    }
}
