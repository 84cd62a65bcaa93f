using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProfilesModule.Server;

/// <summary>
/// When two elements of a list are the same to <c>$union</c> and <c>$remove</c>: same type and same value, at every level.
/// <see cref="JsonNode.DeepEquals"/> is not used because whether 1 equals 1.0 there depends on the version of .NET.
/// </summary>
internal sealed class JsonEquality : IEqualityComparer<JsonNode?>
{
    public static readonly JsonEquality Comparer = new();

    private JsonEquality()
    {
    }

    public static bool AreEqual(JsonNode? left, JsonNode? right)
    {
        JsonValueKind kind = Kind(left);
        if (kind != Kind(right))
            return false;
        return kind switch
        {
            JsonValueKind.String => left!.GetValue<string>() == right!.GetValue<string>(),
            JsonValueKind.Number => JsonNumber.AreEqual(left!.ToJsonString(), right!.ToJsonString()),
            JsonValueKind.Array => left!.AsArray().Count == right!.AsArray().Count && left.AsArray().Zip(right.AsArray()).All(pair => AreEqual(pair.First, pair.Second)),
            JsonValueKind.Object => AreEqual(left!.AsObject(), right!.AsObject()),
            _ => true,
        };
    }

    bool IEqualityComparer<JsonNode?>.Equals(JsonNode? left, JsonNode? right) => AreEqual(left, right);

    int IEqualityComparer<JsonNode?>.GetHashCode(JsonNode? node) => Hash(node);

    private static int Hash(JsonNode? node) => Kind(node) switch
    {
        JsonValueKind.String => node!.GetValue<string>().GetHashCode(StringComparison.Ordinal),
        JsonValueKind.Number => JsonNumber.Hash(node!.ToJsonString()),
        JsonValueKind.Array => node!.AsArray().Aggregate(1, (hash, element) => HashCode.Combine(hash, Hash(element))),
        JsonValueKind.Object => node!.AsObject().Aggregate(2, (hash, member) => hash + HashCode.Combine(member.Key, Hash(member.Value))),
        var kind => (int)kind,
    };

    private static bool AreEqual(JsonObject left, JsonObject right) =>
        left.Count == right.Count
        && left.All(member => right.TryGetPropertyValue(member.Key, out JsonNode? other) && AreEqual(member.Value, other));

    private static JsonValueKind Kind(JsonNode? node) => node is null ? JsonValueKind.Null : node.GetValueKind();
}
