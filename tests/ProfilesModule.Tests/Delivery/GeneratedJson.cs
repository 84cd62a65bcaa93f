using System.Globalization;
using System.Text.Json;
using CsCheck;

namespace ProfilesModule.Tests.Delivery;

/// <summary>Generates what the service can store, as JSON text: whatever in it a way through PowerShell may lose.</summary>
internal static class GeneratedJson
{
    // The service cuts names and strings behind this, in UTF-16 units.
    private const int MaximumLength = 255;

    // Names that differ in case only, that objects have already, that stand for an identifier or mean something to PowerShell.
    private static readonly Gen<string> TrickyNames = Gen.OneOfConst(
        "plan", "Plan", "PLAN", "", " ", " plan", "plan ", "a b", "a.b", "$email", "*", "?", "[", "]", "pl*", "[a-z]", "`", "'", "\"", "\\", "$null", "$(1)", "@{}", "-1",
        "DistinctId", "distinctid", "distinct_id", "GroupId", "GroupKey", "group_id", "$group_id", "UpdatedAt", "Properties", "$Properties", "$properties",
        "ToString", "GetType", "Equals", "GetHashCode", "MemberwiseClone", "get_DistinctId", ".ctor", "Item", "Keys", "Values", "Count", "Length", "SyncRoot", "Where", "ForEach",
        "PSObject", "psobject", "PSBase", "PSAdapted", "PSExtended", "PSTypeNames", "PSStandardMembers", "DefaultDisplayPropertySet", "PSComputerName", "RunspaceId", "ImmediateBaseObject");

    // As properties of a profile the service takes these for its own; deeper down they are names like any other.
    private static readonly Gen<string> NestedNames = Gen.Frequency((4, TrickyNames), (1, Gen.OneOfConst("$last_seen", "$ip", "$token", "$distinct_id", "$ignore_time")));

    private static readonly Gen<string> Characters = Gen.OneOf(
        Gen.Int[0x20, 0x7e].Select(char.ConvertFromUtf32),
        Gen.Int[0x01, 0x1f].Select(char.ConvertFromUtf32),
        Gen.OneOfConst("\u007f", "\u0085", "\u00a0", "\u2028", "\u2029", "\u200f", "\u202e", "\ufeff", "\ufffd", "\uffff", "\u0301", "é"),
        Gen.Int[0x0590, 0x06ff].Select(char.ConvertFromUtf32),
        Gen.Int[0x1f300, 0x1f6ff].Select(char.ConvertFromUtf32),
        Gen.Int[0x10000, 0x10ffff].Select(char.ConvertFromUtf32));

    private static readonly Gen<string> Texts = Gen.Frequency(
        (4, Characters.Array[0, 12].Select(string.Concat)),
        (1, Gen.OneOfConst("", " ", "007", "1e5", "true", "null", "{}", "[1]", "2026-01-02T03:04:05Z", "2026-01-02", "<null>", "👩‍👩‍👧", "שלום עולם", "العربية")),
        (1, Characters.Array[MaximumLength].Select(Longest)));

    private static readonly Gen<string> Numbers = Gen.OneOf(
        Gen.OneOfConst(
            "0", "-0", "0.0", "-0.0", "1.0", "12.30", "1E2", "1e+30", "1E-7", "-2.5E+10", "5E-324", "1.7976931348623157E+308", "0.1234567890123456789012345678", "-7.9228162514264337593543950335",
            "9007199254740991", "9007199254740993", "-9007199254740993", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551616"),
        Gen.Int.Select(n => n.ToString(CultureInfo.InvariantCulture)),
        Gen.Long.Select(n => n.ToString(CultureInfo.InvariantCulture)),
        Gen.Select(Gen.Bool, Digits(1, 60)).Select((negative, digits) => Signed(negative, digits)),
        Gen.Select(Gen.Bool, Digits(1, 14), Digits(1, 14)).Select((negative, whole, fraction) => $"{Signed(negative, whole)}.{fraction}"),
        Gen.Double.Where(double.IsFinite).Select(n => n.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>The properties of a profile.</summary>
    public static Gen<string> Properties { get; } = Objects(Names(TrickyNames), Gen.Frequency((6, Scalars), (1, Lists(Elements())), (1, Objects(Names(NestedNames), Values(2), 4))), 8);

    /// <summary>What may stand behind a number in an identifier.</summary>
    public static Gen<string> Identifiers { get; } = Gen.OneOf(TrickyNames, Texts.Where(text => text.Length < 100));

    private static Gen<string> Scalars => Gen.Frequency((1, Gen.OneOfConst("null", "true", "false")), (3, Numbers), (3, Texts.Select(Quote)));

    // The objects in an object are at the most three deep, and those in a list hold no others.
    private static Gen<string> Values(int depth) => depth == 0
        ? Scalars
        : Gen.Frequency((6, Scalars), (1, Lists(Values(depth - 1))), (1, Objects(Names(NestedNames), Values(depth - 1), 4)));

    private static Gen<string> Elements()
    {
        var flat = Gen.Frequency((6, Scalars), (1, Lists(Scalars)));
        return Gen.Frequency((6, flat), (1, Lists(flat)), (1, Objects(Names(NestedNames), flat, 4)));
    }

    private static Gen<string> Lists(Gen<string> elements) => elements.Array[0, 4].Select(e => $"[{string.Join(',', e)}]");

    private static Gen<string> Names(Gen<string> tricky) => Gen.Frequency((4, tricky), (1, Texts));

    private static Gen<string> Objects(Gen<string> names, Gen<string> values, int count) =>
        Gen.Select(names, values).Array[0, count].Select(members => $"{{{string.Join(',', members.DistinctBy(m => m.Item1).Select(m => $"{Quote(m.Item1)}:{m.Item2}"))}}}");

    private static Gen<string> Digits(int fewest, int most) => Gen.Int[0, 9].Array[fewest, most].Select(string.Concat);

    private static string Signed(bool negative, string digits)
    {
        var whole = digits.TrimStart('0');
        return $"{(negative ? "-" : "")}{(whole.Length == 0 ? "0" : whole)}";
    }

    private static string Longest(string[] characters)
    {
        var text = string.Concat(characters.TakeWhile((_, i) => characters.Take(i + 1).Sum(c => c.Length) <= MaximumLength));
        return text.PadRight(MaximumLength, 'x');
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
