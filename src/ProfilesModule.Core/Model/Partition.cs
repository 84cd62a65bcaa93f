using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ProfilesModule.Model;

/// <summary>
/// The part of the input that one of several tasks takes: the rows whose identifier has a <see cref="Crc32"/> that leaves this number when
/// it is divided by the count. All rows of a profile are in one partition. Never changed: tasks of different versions share an input.
/// </summary>
/// <param name="Number">The number of the partition, counted from 0.</param>
/// <param name="Count">How many there are.</param>
internal sealed record Partition(int Number, int Count)
{
    /// <summary>Whether a row is in the partition.</summary>
    /// <param name="id">The identifier as it is sent, in UTF-8. Rows without one are in partition 0, so that one task reports them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Has(ReadOnlySpan<byte> id) => Number == (Blanks.Trim(id).IsEmpty ? 0 : (int)(Crc32.Of(id) % (uint)Count));

    /// <summary>Whether a row is in the partition whose identifier is not in its file, because it gets a random one.</summary>
    /// <param name="line">Its line.</param>
    public bool HasLine(long line) => line % Count == Number;
}

/// <summary>
/// CRC-32 as in zip, gzip and PNG (IEEE 802.3): the one hash that is quick enough to skip rows with, and that MySQL, PostgreSQL 18, Spark,
/// Trino, Python and others compute too. Spread over partitions as evenly as MD5.
/// </summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Step = sizeof(uint);

    // For each place of a byte in a word, the remainders of its values.
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var table = Table.AsSpan(0, Step * 256);
        var crc = uint.MaxValue;
        for (; bytes.Length >= Step; bytes = bytes[Step..])
        {
            crc ^= BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            crc = table[768 + (byte)crc] ^ table[512 + (byte)(crc >> 8)] ^ table[256 + (byte)(crc >> 16)] ^ table[(byte)(crc >> 24)];
        }

        foreach (var value in bytes)
            crc = table[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[Step * 256];
        for (var i = 0u; i < table.Length; i++)
        {
            var rest = i < 256 ? i : table[i - 256];
            for (var bit = 0; bit < 8; bit++)
                rest = (rest >> 1) ^ (Polynomial & (0 - (rest & 1)));
            table[i] = rest;
        }

        return table;
    }
}
