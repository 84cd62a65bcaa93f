using System.Text.Json;
using System.Text.Json.Nodes;
using ProfilesModule.Model;
using ProfilesModule.Server;
using ProfilesModule.Server.Storage;
using ProfilesModule.Server.Updates;
using ProfilesModule.Wire;

namespace ProfilesModule.Page;

/// <summary>
/// Takes the updates of an import as the service would, and counts what they would change in place of changing it. A profile that occurs
/// several times is compared with what is stored each time. For one request at a time.
/// </summary>
internal sealed class ImportComparison(EngageServer server, IProfileSnapshot stored) : IEngageTransport, IProfileTransaction, IDisposable
{
    private const int MaximumSamples = 3;
    private const int LongestValue = 200;

    private static readonly Task<Verdict> Accepted = Task.FromResult(new Verdict(VerdictKind.Accepted, 200, ""));

    private readonly Dictionary<ulong, ProfileOutcome> _profiles = [];
    private readonly Dictionary<string, PropertyChanges> _properties = new(StringComparer.Ordinal);
    private readonly List<ProfileSample> _samples = [];
    private readonly int[] _counts = new int[3];
    private (ProfileKey Key, ProfileState? State)? _found;

    /// <summary>How many profiles would have an outcome.</summary>
    public int Count(ProfileOutcome outcome) => _counts[(int)outcome];

    /// <summary>What would become of the values of each property.</summary>
    public IReadOnlyDictionary<string, PropertyChanges> Properties => _properties;

    /// <summary>The first profiles of each outcome, those first that exist.</summary>
    public IEnumerable<ProfileSample> Samples => _samples.OrderBy(sample => sample.Outcome);

    public Task<Verdict> SendAsync(ReadOnlyMemory<byte> body, int updates, bool isRepeatable, CancellationToken cancellation)
    {
        server.Try(body, this);
        return Accepted;
    }

    public ProfileState? Find(ProfileKey key)
    {
        // An update asks several times.
        if (_found?.Key != key)
            _found = (key, stored.Find(key) is { } profile ? new(long.MinValue, profile.Properties.ToArray()) : null);
        return _found?.State;
    }

    public bool TryAdd(ProfileKey key, ProfileState state)
    {
        if (Find(key) is not null)
            return false;
        Note(key, null, state);
        return true;
    }

    public void Replace(ProfileKey key, ProfileState state) => Note(key, Find(key)!.Value.Properties, state);

    public void Delete(ProfileKey key) => throw new NotSupportedException("An import of the page removes nothing.");

    public void Dispose() => stored.Dispose();

    private void Note(ProfileKey key, byte[]? before, ProfileState after)
    {
        using var old = JsonDocument.Parse(before ?? "{}"u8.ToArray());
        using var now = JsonDocument.Parse(after.Properties);
        var changes = Changes(old.RootElement, now.RootElement).ToList();
        foreach (var (property, was) in changes)
        {
            var counts = _properties.TryGetValue(property.Name, out var known) ? known : _properties[property.Name] = new();
            if (was is null)
                counts.Added++;
            else
                counts.Overwritten++;
        }

        var outcome = before is null ? ProfileOutcome.New : changes.Count > 0 ? ProfileOutcome.Changed : ProfileOutcome.Unchanged;
        if (Counts(ProfileHash.Of(JsonSerializer.SerializeToUtf8Bytes(key.DistinctId)), outcome)
            && outcome != ProfileOutcome.Unchanged && _samples.Count(sample => sample.Outcome == outcome) < MaximumSamples)
        {
            var values = changes.Select(change => new ValueChange(change.Now.Name, Shown(change.Was), Shown(change.Now.Value)!));
            _samples.Add(new(key.DistinctId, outcome, [.. values]));
        }
    }

    private static string? Shown(JsonElement? value) => value is { } known ? PropertyValue.Preview(known, LongestValue) : null;

    private static IEnumerable<(JsonProperty Now, JsonElement? Was)> Changes(JsonElement old, JsonElement now)
    {
        foreach (var property in now.EnumerateObject().Where(property => !property.NameEquals("$last_seen"u8)))
        {
            if (!old.TryGetProperty(property.Name, out var value))
                yield return (property, null);
            else if (!AreEqual(value, property.Value))
                yield return (property, value);
        }
    }

    // A later row may change a profile that an earlier one did not.
    private bool Counts(ulong profile, ProfileOutcome outcome)
    {
        if (_profiles.TryGetValue(profile, out var earlier))
        {
            if (earlier != ProfileOutcome.Unchanged || outcome == earlier)
                return false;
            _counts[(int)earlier]--;
        }

        _counts[(int)outcome]++;
        _profiles[profile] = outcome;
        return true;
    }

    // Most values that are equal are written alike.
    private static bool AreEqual(JsonElement one, JsonElement other) => one.GetRawText() == other.GetRawText()
        || JsonEquality.Comparer.Equals(JsonNode.Parse(one.GetRawText()), JsonNode.Parse(other.GetRawText()));
}

/// <summary>What becomes of a profile.</summary>
internal enum ProfileOutcome
{
    /// <summary>Values that it has are replaced, or it gets others.</summary>
    Changed,

    /// <summary>It does not exist yet.</summary>
    New,

    /// <summary>It has these values already.</summary>
    Unchanged,
}

/// <summary>How many values of a property are new, and how many replace others.</summary>
internal sealed class PropertyChanges
{
    public int Added { get; set; }

    public int Overwritten { get; set; }
}

/// <summary>What becomes of one profile.</summary>
/// <param name="Id">Its distinct id.</param>
/// <param name="Outcome">What becomes of it.</param>
/// <param name="Changes">Its values that change.</param>
internal sealed record ProfileSample(string Id, ProfileOutcome Outcome, IReadOnlyList<ValueChange> Changes);

/// <summary>A value before and after an import, as it is shown.</summary>
/// <param name="Property">The property.</param>
/// <param name="Before">What it has; null for nothing.</param>
/// <param name="After">What it gets.</param>
internal sealed record ValueChange(string Property, string? Before, string After);
