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

    private readonly List<PendingRemoval> _pending = [];

    /// <summary>Prepares to remove the profiles of <c>ids</c>, or else all of <c>text</c> and <c>where</c>.</summary>
    public Reply Prepare(EngageRequest request)
    {
        using var document = JsonBody.Parse(request);
        using var snapshot = store.OpenSnapshot();
        var removal = new PendingRemoval(Profiles(document.RootElement, snapshot));
        lock (_pending)
        {
            _pending.Add(removal);
            if (_pending.Count > MaximumPending)
            {
                _pending[0].Dispose();
                _pending.RemoveAt(0);
            }
        }

        return Reply.Json(200, writer =>
        {
            writer.WriteString("key", removal.Key);
            writer.WriteNumber("count", removal.Count);
        });
    }

    /// <summary>The profiles of the removal <c>key</c>, as lines of JSON that Import-UserProfileJson restores.</summary>
    public Reply Backup(EngageRequest request)
    {
        var removal = Find(request.Query.GetValueOrDefault("key"));
        var lines = new Reply(200, default) { ContentType = "application/x-ndjson", Content = removal.CopyToAsync };
        return Download.As("profiles-backup.jsonl", lines);
    }

    /// <summary>Removes the profiles of the removal <c>key</c>.</summary>
    public async Task<Reply> RunAsync(EngageRequest request, CancellationToken cancellation)
    {
        using var document = JsonBody.Parse(request);
        var removal = Find(JsonBody.Text(document.RootElement, "key"));
        var (removed, error) = await updates.RemoveAsync(removal.Ids(), cancellation).ConfigureAwait(false);
        return Reply.Json(error is null ? 200 : 422, writer =>
        {
            writer.WriteNumber("removed", removed);
            if (error is not null)
                writer.WriteString("error", error);
        });
    }

    public void Dispose()
    {
        lock (_pending)
        {
            _pending.ForEach(removal => removal.Dispose());
            _pending.Clear();
        }
    }

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

    private PendingRemoval Find(string? key)
    {
        lock (_pending)
        {
            return _pending.Find(removal => removal.Key == key)
                ?? throw new BadRequestException("The question is too old. Select the profiles again.");
        }
    }
}
