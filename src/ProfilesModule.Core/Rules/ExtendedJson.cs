using ProfilesModule.Model;

namespace ProfilesModule.Rules;

/// <summary>
/// The names by which MongoDB's extended JSON says of what type a value is. The service would store an object of that name.
/// Source: MongoDB Extended JSON v2 and v1.
/// </summary>
internal static class ExtendedJson
{
    private static readonly KnownTexts Converted = new(
        "$oid", "$uuid", "$symbol", "$date", "$numberInt", "$numberLong", "$numberDouble", "$numberDecimal");

    private static readonly KnownTexts Others =
        new("$binary", "$timestamp", "$regularExpression", "$regex", "$code", "$minKey", "$maxKey", "$undefined", "$dbPointer");

    /// <summary>Whether a name makes an object a value that is text, a number or a date.</summary>
    /// <param name="name">The name, as UTF-8.</param>
    public static bool IsConverted(ReadOnlySpan<byte> name) => Converted.Contain(name);

    /// <summary>Whether a name makes an object a value of any type.</summary>
    /// <param name="name">The name, as UTF-8.</param>
    public static bool IsName(ReadOnlySpan<byte> name) => name is [(byte)'$', ..] && (Converted.Contain(name) || Others.Contain(name));
}
