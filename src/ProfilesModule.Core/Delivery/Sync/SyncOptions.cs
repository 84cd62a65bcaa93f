using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Storage;

namespace ProfilesModule.Delivery.Sync;

/// <summary>How a run uses its state.</summary>
internal sealed record SyncOptions
{
    /// <summary>Where the state is.</summary>
    public required string Path { get; init; }

    /// <summary>Opens its file; not for writing, where the other argument is false.</summary>
    public required Func<string, bool, ISyncFile> Open { get; init; }

    /// <summary>The hash of updates.</summary>
    public required UpdateHash Hash { get; init; }

    /// <summary>Whether everything is sent.</summary>
    public bool Full { get; init; }

    /// <summary>What was sent longer ago than this is sent again; null for never.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Whether properties that an update does not have any more are removed.</summary>
    public bool RemovesMissing { get; init; }

    /// <summary>Whether profiles that the input does not have any more are to be removed.</summary>
    public bool RemovesProfiles { get; init; }

    /// <summary>Opens the state. Nothing is written to it before <see cref="SyncState.Begin"/>.</summary>
    /// <param name="subject">What it has to be about.</param>
    /// <param name="writes">Whether the run is to be written to it.</param>
    /// <exception cref="FailureException">It cannot be opened.</exception>
    public SyncState OpenState(SyncSubject subject, bool writes)
    {
        ISyncFile? file = null;
        try
        {
            file = Open(Path, writes);
            return new(file, subject, this, TimeProvider.System);
        }
        catch (Exception e)
        {
            file?.Dispose();
            if (e is IOException or UnauthorizedAccessException or InvalidDataException or NotSupportedException or JsonException)
                throw new FailureException(Failures.StateNotUsable(e, Path) with { IsTemporary = e is FileInUseException });
            throw;
        }
    }
}

/// <summary>Where the updates of a run go, and what shapes them.</summary>
/// <param name="Endpoint">The base address of the service.</param>
/// <param name="Token">The project token.</param>
/// <param name="GroupKey">The kind of group; empty for users.</param>
/// <param name="Parameters">The parameters that shape updates.</param>
internal sealed record SyncSubject(string Endpoint, string Token, string GroupKey, IReadOnlyDictionary<string, JsonNode?> Parameters)
{
    /// <summary>The part of the input that is sent; null for all of it.</summary>
    public Partition? Partition { get; init; }

    /// <summary>A hash of the parameters.</summary>
    public string ParametersHash => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(ParametersJson)))[..16];

    /// <summary>Whether a scope of a file is about this.</summary>
    public bool IsIn(SyncScope scope) =>
        scope.Endpoint == Endpoint && scope.GroupKey == GroupKey && JournalSubject.IsMarkOf(scope.TokenMark, Token);

    /// <summary>The parameters as JSON.</summary>
    public string ParametersJson => new JsonObject(Parameters.Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).ToJsonString();
}
