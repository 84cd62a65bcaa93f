using System.Globalization;
using System.Numerics;
using System.Text;

namespace ProfilesModule.Tests.Hosting;

/// <summary>The lines of a journal: JSON, and behind it a checksum that proves it.</summary>
internal static class JournalText
{
    /// <summary>The JSON of the lines of a journal.</summary>
    public static string[] Read(string path) => [.. File.ReadAllLines(path).Select(line => line[..line.LastIndexOf(' ')])];

    /// <summary>Writes a journal of JSON, with checksums that prove it.</summary>
    public static void Write(string path, params string[] lines) =>
        File.WriteAllText(path, string.Concat(lines.Select(line => string.Create(CultureInfo.InvariantCulture, $"{line} {Sum(Encoding.UTF8.GetBytes(line)):x8}\n"))));

    /// <summary>CRC-32C.</summary>
    public static uint Sum(byte[] bytes) => ~bytes.Aggregate(uint.MaxValue, BitOperations.Crc32C);
}
