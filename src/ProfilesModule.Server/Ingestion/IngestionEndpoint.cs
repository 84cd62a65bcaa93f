using System.Text.Json;
using ProfilesModule.Model;
using ProfilesModule.Server.Http;
using ProfilesModule.Server.Storage;
using ProfilesModule.Server.Updates;
using ProfilesModule.Wire;

namespace ProfilesModule.Server.Ingestion;

/// <summary>Answers <c>/engage</c> and <c>/groups</c>: applies the valid updates of a request in one transaction.</summary>
internal sealed class IngestionEndpoint(IProfileStore store, DelayedReads reads, Project project) : IEngageRoute, IDisposable
{
    private const string NoData = "data, missing or empty";

    // The store serialises writers by blocking them; here they wait without holding a thread each.
    private readonly SemaphoreSlim _writer = new(1);
    private long _updateCount;

    /// <summary>How many updates have been applied.</summary>
    public long UpdateCount => Interlocked.Read(ref _updateCount);

    /// <summary>How many updates a request brings; 0 when it cannot be read.</summary>
    public static int CountUpdates(EngageRequest request)
    {
        using var document = new IngestionRequest(request).Parse(out _);
        return document is null ? 0 : IngestionRequest.Records(document).Length;
    }

    public bool IsAt(string path) => path is "/engage" or "/groups";

    public async Task<Reply> AnswerAsync(EngageRequest request, CancellationToken cancellation)
    {
        var ingestion = new IngestionRequest(request);
        var reply = new IngestionReply(ingestion);
        if (ingestion.Error is { } error)
            return reply.Unread(400, error);
        if (ingestion.Data.IsEmpty)
            return reply.Unread(200, NoData);

        using var document = ingestion.Parse(out var problem);
        if (document is null)
            return reply.Unread(400, $"data, not valid JSON: {problem}");
        var records = IngestionRequest.Records(document);
        if (records.Length > Limits.MaximumBatchSize)
            return Reply.TooLarge(Limits.MaximumBatchSize, "updates");
        if (records.Length == 0)
            return reply.Unread(200, NoData);

        // Everything that needs no store happens before the lock.
        var json = new JsonBuffer();
        var reader = new UpdateReader(ingestion.Context, json);
        foreach (var record in records)
            reader.Read(record);
        await ApplyAsync(reader.Updates, json, cancellation).ConfigureAwait(false);
        return reply.Applied(reader.Updates.Count, reader.Failures);
    }

    /// <summary>Applies updates of users as a request with them would, but to another transaction than one of the store.</summary>
    /// <param name="data">The updates, as JSON.</param>
    /// <param name="receivedAt">When they would come.</param>
    /// <param name="transaction">Takes what they change.</param>
    public void Try(ReadOnlyMemory<byte> data, DateTimeOffset receivedAt, IProfileTransaction transaction)
    {
        using var document = JsonDocument.Parse(data);
        var json = new JsonBuffer();
        var reader = new UpdateReader(new(IsForGroups: false, IsStrict: true, data.Length, receivedAt), json);
        foreach (var record in IngestionRequest.Records(document))
            reader.Read(record);
        var updater = new ProfileUpdater(transaction, json);
        foreach (var update in reader.Updates)
        {
            if (project.Find(update) is { } key)
                updater.Apply(key, update);
        }
    }

    public void Dispose() => _writer.Dispose();

    // As by the service, what is for another project or an unknown group key is answered alike and stored nowhere.
    private async Task ApplyAsync(List<ProfileUpdate> updates, JsonBuffer json, CancellationToken cancellation)
    {
        var own = updates.Select(update => (Key: project.Find(update), Update: update)).Where(item => item.Key is not null).ToList();
        if (own.Count == 0)
            return;

        await _writer.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var applied = 0;
            reads.BeforeWrite();
            store.Write(transaction =>
            {
                var updater = new ProfileUpdater(transaction, json);
                applied = own.Count(item => updater.Apply(item.Key!.Value, item.Update));
            });
            Interlocked.Add(ref _updateCount, applied);
        }
        finally
        {
            _writer.Release();
        }
    }
}
