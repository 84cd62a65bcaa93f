using System.Text;

namespace ProfilesModule.Rules;

/// <summary>
/// The names by which MongoDB's extended JSON says of what type a value is. The service would store an object of that name.
/// Source: MongoDB Extended JSON v2 and v1.
/// </summary>
internal static class ExtendedJson
{
    private static readonly byte[][] Converted = Names(
        "$oid", "$uuid", "$symbol", "$date", "$numberInt", "$numberLong", "$numberDouble", "$numberDecimal");

    private static readonly byte[][] Others =
        Names("$binary", "$timestamp", "$regularExpression", "$regex", "$code", "$minKey", "$maxKey", "$undefined", "$dbPointer");

    /// <summary>Whether a name makes an object a value that is text, a number or a date.</summary>
    /// <param name="name">The name, as UTF-8.</param>
    public static bool IsConverted(ReadOnlySpan<byte> name) => IsOneOf(Converted, name);

    /// <summary>Whether a name makes an object a value of any type.</summary>
    /// <param name="name">The name, as UTF-8.</param>
    public static bool IsName(ReadOnlySpan<byte> name) => name is [(byte)'$', ..] && (IsOneOf(Converted, name) || IsOneOf(Others, name));

    private static bool IsOneOf(byte[][] names, ReadOnlySpan<byte> name)
    {
        foreach (var known in names)
        {
            if (name.SequenceEqual(known))
                return true;
        }

        return false;
    }

    private static byte[][] Names(params string[] names) => [.. names.Select(Encoding.ASCII.GetBytes)];
}
