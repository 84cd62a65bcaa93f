using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text;

namespace ProfilesModule.Delivery.Trail;

/// <summary>What a journal holds: those of its lines that prove themselves.</summary>
internal sealed class JournalContent(JournalHeader header, List<JournalLine> lines, bool endsDamaged)
{
    // About a thousand times what gathers between two replacements.
    private const int MostBytes = 256 << 20;

    public JournalSubject Subject => header.Subject!;

    public long Generation => header.Generation;

    /// <summary>Whether whole lines follow the last one that proves itself, so that what they told is not known.</summary>
    public bool EndsDamaged => endsDamaged;

    /// <summary>The last row below which, itself included, every row is known to have its outcome.</summary>
    public long LowWater => JournalState.From(lines[^1]).Settled.LowWater;

    /// <summary>Reads a journal.</summary>
    /// <exception cref="InvalidDataException">It is not a journal, or damaged from its start.</exception>
    public static JournalContent Read(FileStream file)
    {
        // A device may have no end, and what is much longer than a journal gets is none.
        if (!file.CanSeek || file.Length is 0 or > MostBytes)
            throw new InvalidDataException("it is not a journal of an import");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var rest = bytes.AsSpan();
        JournalHeader? header = null;
        var (states, endsDamaged) = (new List<JournalLine>(), false);
        while (!rest.IsEmpty)
        {
            // A line without a break was broken off, unless only its break is damaged.
            var end = rest.IndexOf((byte)'\n');
            var text = Checksum.TextOf(end < 0 ? rest[..^1] : rest[..end]);
            rest = end < 0 ? default : rest[(end + 1)..];
            if (header is null)
            {
                header = HeaderOf(text) ?? throw new InvalidDataException("it is not a journal of an import, or its first line is damaged");
            }
            else if (LineOf(text) is { } line)
            {
                states.Add(line);
                endsDamaged = false;
            }
            else
            {
                endsDamaged |= end >= 0;
            }
        }

        return states.Count > 0 ? new(header!, states, endsDamaged) : throw new InvalidDataException("none of its lines is complete");
    }

    private static JournalHeader? HeaderOf(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && JsonSerializer.Deserialize(text, JournalJson.Default.JournalHeader) is { Journal: JournalHeader.Kind, Subject: not null } header ? header : null;

    /// <summary>The state that a line tells of; null when the line is damaged, or its counts do not explain its rows.</summary>
    private static JournalLine? LineOf(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && JsonSerializer.Deserialize(text, JournalJson.Default.JournalLine) is { } line && line.IsConsistent ? line : null;

    /// <summary>
    /// The state of the last line whose rejected rows the reject file has: a machine that goes down may have kept the one
    /// file and not the other. What later lines tell of may have been sent.
    /// </summary>
    public JournalState StateFor(long rejectLength)
    {
        var last = lines.FindLastIndex(line => line.RejectBytes <= rejectLength);
        if (last < 0)
            last = lines.Count - 1;
        var state = JournalState.From(lines[last]);
        foreach (var later in lines[(last + 1)..])
            state.MayHaveSent(later);
        return state;
    }
}

/// <summary>Tells whether bytes are as they were written (CRC-32C). It is a guard against damage, not against forgery.</summary>
internal static class Checksum
{
    /// <summary>How long a checksum is as text.</summary>
    public const int Length = 8;

    /// <summary>The checksum of bytes that go on behind others.</summary>
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
    public static byte[] Line(byte[] text) =>
        [.. text, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {Of(text):x8}\n"))];

    /// <summary>The text of a line that is as it was written; empty when it is not.</summary>
    public static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> line)
    {
        if (line.Length <= Length + 1)
            return default;
        var text = line[..^(Length + 1)];
        var isIntact = line[text.Length] == ' '
            && uint.TryParse(line[^Length..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var sum)
            && sum == Of(text);
        return isIntact ? text : default;
    }
}
