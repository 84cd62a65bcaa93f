using System.Text.Json;
using ProfilesModule.Model;

namespace ProfilesModule.Sources.Json;

/// <summary>The trait address of a call of Segment's, an object of which some members are reserved properties of the profile.</summary>
internal sealed class JsonAddress(JsonNames names, JsonMembers json)
{
    private readonly List<JsonMember> _inner = [];

    /// <summary>Makes those members traits of their own.</summary>
    public void Flatten(List<JsonMember> traits)
    {
        var index = traits.FindIndex(trait => trait.Kind == JsonTokenType.StartObject
            && SegmentCall.Dotted(trait.Name.Text, "") is not null);
        if (index < 0)
            return;
        var address = traits[index];
        if (Property(address) is { IsExcluded: true } or { IsHashed: true } || Property(address).Name != address.Name.Text)
            return;
        _inner.Clear();
        json.ReadInner(address, _inner);
        var taken = new List<JsonMember>();
        for (var i = _inner.Count - 1; i >= 0; i--)
        {
            var dotted = SegmentCall.Dotted(address.Name.Text, _inner[i].Name.Text)!;
            if (CommonNames.Reserved(dotted) is not { } reserved || traits.Any(trait => Property(trait).Name == reserved))
                continue;
            taken.Add(_inner[i] with { Name = names.Of(dotted) });
            _inner.RemoveAt(i);
        }

        if (taken.Count == 0)
            return;
        traits.RemoveAt(index);
        if (_inner.Count > 0)
            traits.Add(json.Make(address, _inner));
        traits.AddRange(taken);
    }

    private static JsonProperty Property(JsonMember trait) => trait.Name.Property(isTrait: true);
}
