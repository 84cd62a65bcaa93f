using System.Text.Json;
using ProfilesModule.Server;
using ProfilesModule.Server.Storage;
using ProfilesModule.Wire;

namespace ProfilesModule.Page;

/// <summary>Sends updates to a service, and applies those that it accepts to the profiles of a snapshot.</summary>
internal sealed class SnapshotTransport(
    IEngageTransport service, EngageServer server, IProfileStore store, SnapshotChanges changes) : IEngageTransport
{
    public async Task<Verdict> SendAsync(ReadOnlyMemory<byte> body, int updates, bool isRepeatable, CancellationToken cancellation)
    {
        var verdict = await service.SendAsync(body, updates, isRepeatable, cancellation).ConfigureAwait(false);
        if (verdict.Kind == VerdictKind.Accepted)
            Apply(body);
        else if (verdict is { Kind: VerdictKind.PartlyRejected, Rest: RestOfUpdates.Accepted })
            Apply(Without(body, [.. verdict.Failed.Select(failed => failed.Index)]));
        return verdict;
    }

    private void Apply(ReadOnlyMemory<byte> body) =>
        store.Write(transaction => server.Try(body, new KnownProfiles(transaction, changes)));

    private static byte[] Without(ReadOnlyMemory<byte> body, HashSet<int> failed)
    {
        using var document = JsonDocument.Parse(body);
        return JsonSerializer.SerializeToUtf8Bytes(document.RootElement.EnumerateArray().Where((_, index) => !failed.Contains(index)));
    }

    /// <summary>
    /// The profiles of a snapshot. One that was not read is not added: of what the service has of it, an update has only a part, and its id
    /// may be an alias.
    /// </summary>
    private sealed class KnownProfiles(IProfileTransaction snapshot, SnapshotChanges changes) : IProfileTransaction
    {
        public ProfileState? Find(ProfileKey key) => snapshot.Find(key);

        public bool TryAdd(ProfileKey key, ProfileState state)
        {
            if (Find(key) is not null)
                return false;
            if (!changes.IsAbsent(key.DistinctId))
                return true;
            changes.Note(key.DistinctId, exists: true);
            return snapshot.TryAdd(key, state);
        }

        public void Replace(ProfileKey key, ProfileState state)
        {
            changes.Note(key.DistinctId, exists: true);
            snapshot.Replace(key, state);
        }

        public void Delete(ProfileKey key)
        {
            changes.Note(key.DistinctId, exists: false);
            snapshot.Delete(key);
        }
    }
}

/// <summary>
/// Which profiles of a snapshot are newer than its pages, as all pages show the profiles as they were at the first one. It is used only in
/// transactions of the store, which run one at a time.
/// </summary>
internal sealed class SnapshotChanges
{
    private readonly HashSet<string> _absent = new(StringComparer.Ordinal);
    private HashSet<string> _newer = new(StringComparer.Ordinal);
    private HashSet<string> _sinceQuery = new(StringComparer.Ordinal);

    /// <summary>Whether a profile is newer than the pages.</summary>
    public bool IsNewer(string id) => _newer.Contains(id);

    /// <summary>Whether a profile changed after the last query was sent, so that the reply may not show the change.</summary>
    public bool IsNewerThanQuery(string id) => _sinceQuery.Contains(id);

    /// <summary>Whether the service does not have a profile.</summary>
    public bool IsAbsent(string id) => _absent.Contains(id);

    /// <summary>Takes notice of a profile that was changed, removed or read alone.</summary>
    public void Note(string id, bool exists)
    {
        _newer.Add(id);
        _sinceQuery.Add(id);
        if (exists)
            _absent.Remove(id);
        else
            _absent.Add(id);
    }

    /// <summary>Takes notice that a query is sent.</summary>
    public void BeginQuery() => _sinceQuery = new(StringComparer.Ordinal);

    /// <summary>Takes notice that its reply is the first page of a new snapshot.</summary>
    public void Restart() => _newer = [.. _sinceQuery];
}
