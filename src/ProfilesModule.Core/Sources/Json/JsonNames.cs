using System.Runtime.CompilerServices;
using System.Text.Json;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

/// <summary>The name of a member of objects, and the property that it becomes, found out once.</summary>
internal sealed class JsonName(byte[] raw, string text, JsonOptions options)
{
    private JsonProperty? _property;
    private JsonProperty? _trait;

    public string Text => text;

    /// <summary>The name as it is written in JSON, without quotes.</summary>
    public JsonEncodedText Encoded { get; } = EngageJson.Encode(text);

    /// <summary>The operation whose properties a member of that name has in a request; null for any other name.</summary>
    public Operation? Operation { get; } = OperationExtensions.Find(text);

    /// <summary>Whether a request may have a member of that name.</summary>
    public bool IsRequestField { get; } = OperationExtensions.Find(text) is not null || JsonRequest.IsField(text);

    /// <summary>How well it fits a member that holds the identifier.</summary>
    public int IdentifierRank { get; } = IdentifierName.Rank(text, options.IdentifierNames);

    /// <summary>The property; of a trait one that is reserved for it, if there is one.</summary>
    public JsonProperty Property(bool isTrait) => isTrait ? _trait ??= NewProperty(isTrait) : _property ??= NewProperty(isTrait);

    public bool IsWrittenAs(ReadOnlySpan<byte> other) => other.SequenceEqual(raw);

    private JsonProperty NewProperty(bool isTrait) => new(options.PropertyOf(text, isTrait), text, isTrait, options);
}

/// <summary>What becomes of a member.</summary>
internal sealed class JsonProperty(string name, string member, bool isTrait, JsonOptions options)
{
    public string Name => name;

    public JsonEncodedText Encoded { get; } = EngageJson.Encode(name);

    public PropertyRules Rules { get; } = PropertyRules.Of(name);

    /// <summary>Whether the user gave the property this very name.</summary>
    public bool IsGiven { get; } = options.Mapped(member) is not null;

    public bool IsIncluded { get; } =
        options.Includes(member) || (isTrait && SegmentCall.TraitOf(member) is { } trait && options.Includes(trait));

    public bool IsExcluded { get; } = options.Excludes?.Invoke(member) == true;

    public bool IsHashed { get; } = options.Hashes(member, name);
}
