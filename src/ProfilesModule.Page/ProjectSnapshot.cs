using System.Buffers;
using System.Text.Json;
using ProfilesModule.Query;
using ProfilesModule.Rules;
using ProfilesModule.Server;
using ProfilesModule.Server.Storage;
using ProfilesModule.Wire;

namespace ProfilesModule.Page;

/// <summary>A project of a service that is not in this process.</summary>
/// <param name="Name">What somebody types who changes it: its id, or else the host of the service.</param>
/// <param name="Endpoint">Where updates go.</param>
/// <param name="QueryEndpoint">Where queries go.</param>
/// <param name="Transport">Sends updates.</param>
/// <param name="Query">Reads profiles, without retries.</param>
/// <param name="Allowance">The queries that are left.</param>
internal sealed record PageProject(
    string Name, Uri Endpoint, Uri QueryEndpoint, Func<IEngageTransport> Transport, ProfileQuery Query, QueryAllowance Allowance);

/// <summary>
/// The profiles that were read from a project, which the page shows. A project has 60 queries an hour, so only the methods that begin with
/// Read send one, and each of them a single one.
/// </summary>
/// <param name="project">The project.</param>
/// <param name="server">Serves the page.</param>
/// <param name="store">The profiles of that server.</param>
/// <param name="time">The clock.</param>
internal sealed class ProjectSnapshot(PageProject project, EngageServer server, IProfileStore store, TimeProvider time) : IDisposable
{
    // A second press of a button waits for the first one's page.
    private readonly SemaphoreSlim _reading = new(1);
    private readonly GrowingBuffer _body = new(64 << 10);
    private readonly SnapshotChanges _changes = new();
    private PageSequence? _pages;
    private List<string> _problems = [];
    private volatile SnapshotState _state = new(null, 0, null, null, null);

    public PageProject Project => project;

    /// <summary>What was read so far.</summary>
    public SnapshotState State => _state;

    /// <summary>Whether the service has more pages of what was read first.</summary>
    public bool HasMore => _pages is { IsComplete: false };

    /// <summary>Leads to the service; what it accepts changes the profiles of the snapshot too.</summary>
    public IEngageTransport Transport() => new SnapshotTransport(project.Transport(), server, store, _changes);

    /// <summary>Replaces the snapshot by the first page of the profiles that match a condition; null for all profiles.</summary>
    /// <exception cref="FailureException">The service refused, or cannot be reached. The snapshot stays as it was.</exception>
    public Task ReadFirstAsync(string? condition, CancellationToken cancellation) => OneAtATimeAsync(async () =>
    {
        var problems = new List<string>();
        var pages = new PageSequence(problems.Add);
        var page = await QueryAsync(new() { Where = condition }, pages, cancellation).ConfigureAwait(false);
        store.Write(transaction =>
        {
            _changes.Restart();
            Clear(transaction);
            Put(transaction, page);
        });
        (_pages, _problems) = (pages, problems);
        _state = new(condition, page.Profiles.Count, page.Total, time.GetUtcNow(), Warning);
    }, cancellation);

    /// <summary>Adds the next page.</summary>
    /// <inheritdoc cref="ReadFirstAsync"/>
    public Task ReadNextAsync(CancellationToken cancellation) => OneAtATimeAsync(async () =>
    {
        if (_pages is not { IsComplete: false } pages)
            return;
        var page = await QueryAsync(new() { Where = _state.Condition }, pages, cancellation).ConfigureAwait(false);
        store.Write(transaction => Put(transaction, page));
        _state = _state with { Count = _state.Count + page.Profiles.Count, Total = page.Total ?? _state.Total, Warning = Warning };
    }, cancellation);

    /// <summary>Reads one profile again, or removes it if the service does not have it.</summary>
    /// <inheritdoc cref="ReadFirstAsync"/>
    public Task ReadProfileAsync(string id, CancellationToken cancellation) => OneAtATimeAsync(async () =>
    {
        var page = await QueryAsync(new() { DistinctIds = [id] }, new(incomplete: null), cancellation).ConfigureAwait(false);
        var found = page.Profiles.FirstOrDefault(profile => profile.DistinctId == id);
        store.Write(transaction =>
        {
            if (_changes.IsNewerThanQuery(id))
                return;
            if (found is null)
                transaction.Delete(new(ProfileKey.Users, id));
            else
                Put(transaction, found);
            _changes.Note(id, exists: found is not null);
        });
    }, cancellation);

    public void Dispose() => _reading.Dispose();

    private async Task OneAtATimeAsync(Func<Task> read, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await read().ConfigureAwait(false);
        }
        catch (QueryException e)
        {
            throw new FailureException(e.ToFailure(project.Name, project.QueryEndpoint));
        }
        finally
        {
            _reading.Release();
        }
    }

    private string? Warning => _problems.Count == 0 ? null : $"Profiles may be missing: {Phrase.Several(_problems)}.";

    private Task<ProfilePage> QueryAsync(ProfileFilter filter, PageSequence pages, CancellationToken cancellation)
    {
        store.Write(_ => _changes.BeginQuery());
        return project.Query.ReadPageAsync(filter, pages, _body, cancellation);
    }

    private void Clear(IProfileTransaction transaction)
    {
        using var before = store.OpenSnapshot();
        foreach (var profile in before.ReadFrom(ProfileKey.Users, 0).Where(profile => !_changes.IsNewer(profile.DistinctId)))
            transaction.Delete(new(ProfileKey.Users, profile.DistinctId));
    }

    private void Put(IProfileTransaction transaction, ProfilePage page)
    {
        foreach (var profile in page.Profiles.Where(profile => !_changes.IsNewer(profile.DistinctId)))
            Put(transaction, profile);
    }

    private static void Put(IProfileTransaction transaction, ProfileRecord profile)
    {
        var key = new ProfileKey(ProfileKey.Users, profile.DistinctId);
        var state = new ProfileState(long.MinValue, Properties(profile));
        if (!transaction.TryAdd(key, state))
            transaction.Replace(key, state);
    }

    private static byte[] Properties(ProfileRecord profile)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, EngageJson.Options);
        json.WriteStartObject();
        profile.WriteProperties(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>What a snapshot holds.</summary>
/// <param name="Condition">What the profiles match; null for all profiles.</param>
/// <param name="Count">How many profiles were read.</param>
/// <param name="Total">How many profiles match; null if the service did not say.</param>
/// <param name="ReadAt">When the first page was read, so that no profile is older; null before that.</param>
/// <param name="Warning">What the pages lack; null for nothing.</param>
internal sealed record SnapshotState(string? Condition, long Count, long? Total, DateTimeOffset? ReadAt, string? Warning);
