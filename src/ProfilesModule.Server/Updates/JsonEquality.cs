using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ProfilesModule.Server.Updates;

/// <summary>
/// When two elements of a list are the same to <c>$union</c> and <c>$remove</c>: same type and same value, at every level.
/// <see cref="JsonNode.DeepEquals"/> is not used because whether 1 equals 1.0 there depends on the version of .NET.
/// </summary>
internal sealed class JsonEquality : IEqualityComparer<JsonNode?>
{
    public static readonly JsonEquality Comparer = new();

    public bool Equals(JsonNode? left, JsonNode? right) => (left, right) switch
    {
        (null, null) => true,
        (JsonArray a, JsonArray b) => a.Count == b.Count && a.Zip(b).All(pair => Equals(pair.First, pair.Second)),
        (JsonObject a, JsonObject b) =>
            a.Count == b.Count && a.All(member => b.TryGetPropertyValue(member.Key, out var other) && Equals(member.Value, other)),
        (JsonValue a, JsonValue b) => a.GetValueKind() == b.GetValueKind() && a.GetValueKind() switch
        {
            JsonValueKind.String => a.GetValue<string>() == b.GetValue<string>(),
            JsonValueKind.Number => JsonNumber.AreEqual(a.ToJsonString(), b.ToJsonString()),
            _ => true,
        },
        _ => false,
    };

    public int GetHashCode(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.String => node.GetValue<string>().GetHashCode(StringComparison.Ordinal),
        JsonValueKind.Number => JsonNumber.Hash(node.ToJsonString()),
        JsonValueKind.Array => node.AsArray().Aggregate(1, (hash, element) => HashCode.Combine(hash, GetHashCode(element))),
        JsonValueKind.Object => node.AsObject().Aggregate(2, (hash, item) => hash + HashCode.Combine(item.Key, GetHashCode(item.Value))),
        var kind => kind.GetHashCode(),
    };
}

/// <summary>Arithmetic on numbers as JSON writes them: exact where they are written without an exponent, else as doubles.</summary>
internal static class JsonNumber
{
    // Beyond this a number is nobody's counter, and exact arithmetic takes its time.
    private const int MaximumExactLength = 1000;

    /// <summary>The sum as JSON, or null if it is too large for a double where it is not exact.</summary>
    public static string? Add(string left, string right)
    {
        if (AreExact(left, right, out var scale))
            return Write(Scaled(left, scale) + Scaled(right, scale), scale);
        var sum = Approximate(left) + Approximate(right);
        return double.IsFinite(sum) ? sum.ToString("R", CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Whether two numbers have the same value, however they are written.</summary>
    public static bool AreEqual(string left, string right)
    {
        if (AreExact(left, right, out var scale))
            return Scaled(left, scale) == Scaled(right, scale);
        var value = Approximate(left);
        return left == right || (double.IsFinite(value) && value == Approximate(right));
    }

    /// <summary>A number that is the same for numbers of the same value.</summary>
    public static int Hash(string number) => Approximate(number) is var value && value == 0 ? 0 : value.GetHashCode();

    // Whether both can be written without loss as a multiple of a power of ten.
    private static bool AreExact(string left, string right, out int scale)
    {
        scale = Math.Max(Decimals(left), Decimals(right));
        return IsExact(left) && IsExact(right);
    }

    private static bool IsExact(string number) => number.Length <= MaximumExactLength && !number.AsSpan().ContainsAny('e', 'E');

    private static int Decimals(string number) => number.Split('.') is [_, var decimals] ? decimals.Length : 0;

    private static BigInteger Scaled(string number, int scale)
    {
        var digits = number.Replace(".", "", StringComparison.Ordinal);
        return BigInteger.Parse(digits, CultureInfo.InvariantCulture) * BigInteger.Pow(10, scale - Decimals(number));
    }

    private static string Write(BigInteger digits, int scale)
    {
        var sign = digits.Sign < 0 ? "-" : "";
        var text = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var fraction = text[^scale..].TrimEnd('0');
        return sign + text[..^scale] + (fraction.Length == 0 ? "" : $".{fraction}");
    }

    private static double Approximate(string number) => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
}
