using System.Text.Json;
using ProfilesModule.Server.Http;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Page;

/// <summary>
/// Removes profiles in two steps: the first writes them to a file, whose number the question states and whose content the backup is; the
/// second removes exactly those.
/// </summary>
internal sealed class RemovalApi(IProfileStore store, PageUpdates updates) : IDisposable
{
    private const int MaximumPending = 4;

    private readonly PendingItems<PendingRemoval> _pending = new(MaximumPending, "The question is too old. Select the profiles again.");

    /// <summary>Prepares to remove the profiles of <c>ids</c>, or else all of <c>text</c> and <c>where</c>.</summary>
    public Reply Prepare(EngageRequest request)
    {
        using var document = JsonBody.Parse(request);
        using var snapshot = store.OpenSnapshot();
        var removal = new PendingRemoval(Profiles(document.RootElement, snapshot));
        _pending.Add(removal);
        return Reply.Json(200, writer =>
        {
            writer.WriteString("key", removal.Key);
            writer.WriteNumber("count", removal.Count);
        });
    }

    /// <summary>The profiles of the removal <c>key</c>, as lines of JSON that Import-UserProfileJson restores.</summary>
    public Reply Backup(EngageRequest request)
    {
        var removal = _pending.Find(request.Query.GetValueOrDefault("key"));
        var lines = new Reply(200, default) { ContentType = "application/x-ndjson", Content = removal.CopyToAsync };
        return Download.As("profiles-backup.jsonl", lines);
    }

    /// <summary>Removes the profiles of the removal <c>key</c>.</summary>
    public async Task<Reply> RunAsync(EngageRequest request, CancellationToken cancellation)
    {
        using var document = JsonBody.Parse(request);
        var removal = _pending.Find(JsonBody.Text(document.RootElement, "key"));
        var (removed, error) = await updates.RemoveAsync(removal.Ids(), cancellation).ConfigureAwait(false);
        return Reply.Json(error is null ? 200 : 422, writer =>
        {
            writer.WriteNumber("removed", removed);
            if (error is not null)
                writer.WriteString("error", error);
        });
    }

    public void Dispose() => _pending.Dispose();

    private static IEnumerable<StoredProfile> Profiles(JsonElement body, IProfileSnapshot snapshot)
    {
        if (body.TryGetProperty("ids", out var ids))
        {
            return ids.EnumerateArray().Select(id => snapshot.Find(new(ProfileKey.Users, id.GetString()!)))
                .OfType<StoredProfile>();
        }

        var parameters = new Dictionary<string, string>
        {
            ["text"] = JsonBody.Text(body, "text") ?? "",
            ["where"] = JsonBody.Text(body, "where") ?? "",
        };
        return snapshot.Read(TableApi.Selection(parameters), 0, int.MaxValue);
    }
}
