using System.Text.Json;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Json;

/// <summary>The name of a member of objects, and the property that it becomes, found out once.</summary>
internal sealed class JsonName
{
    private readonly byte[] _raw;
    private readonly JsonOptions _options;
    private JsonProperty? _property;
    private JsonProperty? _trait;

    public JsonName(byte[] raw, string text, JsonOptions options)
    {
        _raw = raw;
        _options = options;
        Text = text;
        Encoded = EngageJson.Encode(text);
        IdentifierRank = IdentifierName.Rank(text, options.IdentifierNames);
        Operation = JsonRequest.OperationOf(text);
        IsRequestField = Operation is not null || JsonRequest.IsField(text);
    }

    public string Text { get; }

    /// <summary>The name as it is written in JSON, without quotes.</summary>
    public JsonEncodedText Encoded { get; }

    /// <summary>How well it fits a member that holds the identifier.</summary>
    public int IdentifierRank { get; }

    /// <summary>The operation whose properties a member of that name has in a request; null for any other name.</summary>
    public Operation? Operation { get; }

    /// <summary>Whether a request may have a member of that name.</summary>
    public bool IsRequestField { get; }

    /// <summary>The property; of a trait one that is reserved for it, if there is one.</summary>
    public JsonProperty Property(bool isTrait) => isTrait ? _trait ??= new(Text, isTrait, _options) : _property ??= new(Text, isTrait, _options);

    public bool IsWrittenAs(ReadOnlySpan<byte> raw) => raw.SequenceEqual(_raw);
}

/// <summary>What becomes of a member.</summary>
internal sealed class JsonProperty
{
    public JsonProperty(string member, bool isTrait, JsonOptions options)
    {
        var mapped = options.PropertyMap.FirstOrDefault(entry => Same(entry.Key, member)).Value;
        Name = mapped ?? (isTrait || options.UsesReservedNames ? CommonNames.Reserved(member) : null) ?? options.Texts.Name(member);
        Encoded = EngageJson.Encode(Name);
        Rules = PropertyRules.Of(Name);
        IsGiven = mapped is not null;
        IsIncluded = options.Includes(member) || (isTrait && SegmentCall.TraitOf(member) is { } trait && options.Includes(trait));
        IsExcluded = options.Excludes?.Invoke(member) == true;
        IsHashed = options.Hashed.Any(name => Same(name, member) || Same(name, Name));
    }

    public string Name { get; }

    public JsonEncodedText Encoded { get; }

    public PropertyRules Rules { get; }

    /// <summary>Whether the user gave the property this very name.</summary>
    public bool IsGiven { get; }

    public bool IsIncluded { get; }

    public bool IsExcluded { get; }

    public bool IsHashed { get; }

    private static bool Same(string one, string other) =>
        string.Equals(Blanks.Trim(one), Blanks.Trim(other), StringComparison.OrdinalIgnoreCase);
}
