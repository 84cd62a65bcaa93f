using System.Text;
using System.Text.Json;
using ProfilesModule.Wire;

namespace ProfilesModule.Server.Storage;

/// <summary>Which profiles a table shows, and in which order.</summary>
internal sealed record ProfileSelection
{
    /// <summary>The properties that <see cref="Text"/> looks at, besides the distinct id.</summary>
    public static readonly IReadOnlyList<string> SearchedProperties = ["$name", "$email"];

    /// <summary>The name that stands for the distinct id in <see cref="SortBy"/>.</summary>
    public const string DistinctId = "$distinct_id";

    /// <summary>The group type, or <see cref="ProfileKey.Users"/>.</summary>
    public long DataGroupId { get; init; } = ProfileKey.Users;

    /// <summary>
    /// A text that the distinct id or one of <see cref="SearchedProperties"/> contains, in any letter case; null for all.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>A condition. What it throws ends the reading. Null for all.</summary>
    public Func<StoredProfile, bool>? Condition { get; init; }

    /// <summary>The property whose values order the profiles; those without one come last. Null for the order of creation.</summary>
    public string? SortBy { get; init; }

    /// <summary>Whether the greatest value comes first.</summary>
    public bool Descending { get; init; }

    /// <summary>Whether it leaves out no profile of the group type.</summary>
    public bool IsAll => Text is null && Condition is null;

    /// <summary>Whether a profile belongs to it.</summary>
    public bool Includes(StoredProfile profile) => (Text is null || IsFound(profile)) && Condition?.Invoke(profile) != false;

    /// <summary>Profiles in the order of the selection, given those in the order of creation.</summary>
    public IEnumerable<StoredProfile> Sorted(IEnumerable<StoredProfile> profiles)
    {
        if (SortBy is null)
            return profiles;
        var keyed = profiles.Select(profile => (Profile: profile, Key: SortKey(profile, SortBy))).OrderBy(item => item.Key is null);
        var sorted = Descending
            ? keyed.ThenByDescending(item => item.Key, SortKeyComparer.Instance)
            : keyed.ThenBy(item => item.Key, SortKeyComparer.Instance);
        return sorted.Select(item => item.Profile);
    }

    /// <summary>
    /// What orders a profile: a number, which comes before any text, also for true (1) and false (0); a text, whose ASCII letters are in
    /// lower case; the JSON of a list or an object; null if it has none.
    /// </summary>
    public static object? SortKey(StoredProfile profile, string property)
    {
        if (property == DistinctId)
            return profile.DistinctId;
        var json = new Utf8JsonReader(profile.Properties.Span);
        if (!TryFind(ref json, Encoding.UTF8.GetBytes(property)))
            return null;
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.Number:
                return json.GetDouble();
            case JsonTokenType.True or JsonTokenType.False:
                return json.TokenType == JsonTokenType.True ? 1d : 0d;
            case JsonTokenType.String:
                return LowerCase(JsonValues.Text(ref json));
            default:
                var start = (int)json.TokenStartIndex;
                json.Skip();
                return LowerCase(Encoding.UTF8.GetString(profile.Properties.Span[start..(int)json.BytesConsumed]));
        }
    }

    private static string LowerCase(string text) => string.Create(text.Length, text, (lower, original) =>
    {
        for (var i = 0; i < lower.Length; i++)
            lower[i] = char.IsAsciiLetterUpper(original[i]) ? (char)(original[i] | 0x20) : original[i];
    });

    private bool IsFound(StoredProfile profile)
    {
        if (profile.DistinctId.Contains(Text!, StringComparison.OrdinalIgnoreCase))
            return true;
        foreach (var name in SearchedProperties)
        {
            var json = new Utf8JsonReader(profile.Properties.Span);
            if (TryFind(ref json, Encoding.UTF8.GetBytes(name)) && json.TokenType == JsonTokenType.String
                && JsonValues.Text(ref json).Contains(Text!, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // Leaves the reader at the value.
    private static bool TryFind(ref Utf8JsonReader json, ReadOnlySpan<byte> property)
    {
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isFound = json.ValueTextEquals(property);
            json.Read();
            if (isFound)
                return true;
            json.Skip();
        }

        return false;
    }
}

/// <summary>Orders what <see cref="ProfileSelection.SortKey"/> returns, null aside: numbers, then texts by character code.</summary>
internal sealed class SortKeyComparer : IComparer<object?>
{
    public static SortKeyComparer Instance { get; } = new();

    public int Compare(object? x, object? y) => (x, y) switch
    {
        (double left, double right) => left.CompareTo(right),
        (double, _) => -1,
        (_, double) => 1,
        _ => string.CompareOrdinal((string?)x, (string?)y),
    };
}
