using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace ProfilesModule.Delivery.Trail;

/// <summary>Tells whether bytes are as they were written (CRC-32C). It is a guard against damage, not against forgery.</summary>
internal static class Checksum
{
    /// <summary>How long a checksum is as text.</summary>
    public const int Length = 8;

    /// <summary>The checksum of bytes that go on behind others.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="before">The checksum of those before; 0 for none.</param>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        var sum = ~before;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            sum = BitOperations.Crc32C(sum, word);
        foreach (var value in bytes[(bytes.Length / sizeof(ulong) * sizeof(ulong))..])
            sum = BitOperations.Crc32C(sum, value);
        return ~sum;
    }

    /// <summary>A line with its checksum behind it.</summary>
    public static byte[] Line(byte[] text) => [.. text, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {Of(text):x8}\n"))];

    /// <summary>The text of a line that is as it was written; empty when it is not.</summary>
    /// <param name="line">The line, without its line break.</param>
    public static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> line)
    {
        if (line.Length <= Length + 1)
            return default;
        var text = line[..^(Length + 1)];
        return line[text.Length] == ' ' && uint.TryParse(line[^Length..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var sum) && sum == Of(text) ? text : default;
    }
}
