using System.Text.Json;
using ProfilesModule.Model;

namespace ProfilesModule.Sources.Json;

/// <summary>The names of members that were met.</summary>
internal sealed class JsonNames(JsonOptions options)
{
    // Told apart by a hash of how they are written, so that to find one takes no text.
    private readonly Dictionary<ulong, JsonName> _byHash = [];
    private readonly Dictionary<string, JsonName> _made = new(StringComparer.Ordinal);

    /// <summary>The names so far, or those first met where there are more than a profile can have properties.</summary>
    public IEnumerable<JsonName> Met => _byHash.Values.Concat(_made.Values);

    /// <summary>Whether <see cref="Met"/> has all of them.</summary>
    public bool HasAll => _byHash.Count + _made.Count < Limits.MaximumProperties;

    /// <summary>The name that the reader stands on.</summary>
    /// <exception cref="InvalidOperationException">It is not valid Unicode.</exception>
    public JsonName Of(ref Utf8JsonReader json)
    {
        var raw = json.ValueSpan;
        var hash = ProfileHash.Of(raw);
        if (_byHash.TryGetValue(hash, out var known) && known.IsWrittenAs(raw))
            return known;
        var name = new JsonName(raw.ToArray(), json.GetString()!, options);

        // Objects that each bring names of their own must not fill the memory.
        if (HasAll)
            _byHash.TryAdd(hash, name);
        return name;
    }

    /// <summary>A name that no object has as it is: of a member of a trait, or of one whose value is hashed already.</summary>
    public JsonName Of(string text)
    {
        if (_made.TryGetValue(text, out var made))
            return made;
        made = new([], text, options);
        if (HasAll)
            _made.Add(text, made);
        return made;
    }
}
