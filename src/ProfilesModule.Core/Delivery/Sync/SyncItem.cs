using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery.Sync;

/// <summary>
/// What a state says of one profile, as bytes: the length of the identifier, the identifier, the number of the run, what is known,
/// and the hashes of the update and of its row if the service has it. Numbers are LEB128.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly ref struct SyncItem(ReadOnlySpan<byte> id, int run, SyncKnowledge knowledge, UInt128 hash = default, ulong row = 0)
{
    private const int HashLength = 16;
    private const int RowLength = 8;

    public ReadOnlySpan<byte> Id { get; } = id;

    /// <summary>The run that found it out.</summary>
    public int Run { get; } = run;

    public SyncKnowledge Knowledge { get; } = knowledge;

    /// <summary>The hash of the update that the service has.</summary>
    public UInt128 Hash { get; } = hash;

    /// <summary>The hash of the row that it was made from; 0 for none.</summary>
    public ulong Row { get; } = row;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WriteTo(GrowingBuffer buffer)
    {
        WriteNumber(buffer, (uint)Id.Length);
        buffer.Write(Id);
        WriteNumber(buffer, (uint)Run);
        WriteNumber(buffer, Knowledge.Code);
        if (!Knowledge.HasUpdate)
            return;
        var hashes = buffer.GetSpan(HashLength + RowLength);
        BinaryPrimitives.WriteUInt128LittleEndian(hashes, Hash);
        BinaryPrimitives.WriteUInt64LittleEndian(hashes[HashLength..], Row);
        buffer.Advance(HashLength + RowLength);
    }

    /// <summary>Reads the first of some items, and goes on to the next.</summary>
    /// <exception cref="InvalidDataException">They are not items.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static SyncItem Read(ref ReadOnlySpan<byte> items)
    {
        var length = ReadNumber(ref items);
        if (length > (uint)items.Length)
            throw Damaged();
        var id = items[..(int)length];
        items = items[(int)length..];
        var run = (int)ReadNumber(ref items);
        var knowledge = new SyncKnowledge(ReadNumber(ref items));
        if (!knowledge.HasUpdate)
            return new(id, run, knowledge);
        if (items.Length < HashLength + RowLength)
            throw Damaged();
        var hash = BinaryPrimitives.ReadUInt128LittleEndian(items);
        var row = BinaryPrimitives.ReadUInt64LittleEndian(items[HashLength..]);
        items = items[(HashLength + RowLength)..];
        return new(id, run, knowledge, hash, row);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteNumber(GrowingBuffer buffer, uint number)
    {
        for (; number >= 0x80; number >>= 7)
            buffer.Write((byte)(number | 0x80));
        buffer.Write((byte)number);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint ReadNumber(ref ReadOnlySpan<byte> items)
    {
        var number = 0u;
        for (var (i, shift) = (0, 0); i < items.Length && shift < 32; i++, shift += 7)
        {
            number |= (items[i] & 0x7Fu) << shift;
            if (items[i] < 0x80)
            {
                items = items[(i + 1)..];
                return number;
            }
        }

        throw Damaged();
    }

    private static InvalidDataException Damaged() => new("its content is damaged");
}

/// <summary>What is known of the last update of a profile.</summary>
/// <param name="Code">0 that the profile was removed; else the number of its names, and two flags, and 1.</param>
internal readonly record struct SyncKnowledge(uint Code)
{
    private const uint UpdateFlag = 1;
    private const uint MoreNamesFlag = 2;

    /// <summary>The profile was removed.</summary>
    public static readonly SyncKnowledge Removed = new(0);

    /// <summary>An update was sent, and it is not known whether it arrived.</summary>
    /// <param name="names">The number of the set of names that the profile may have got with this state.</param>
    public static SyncKnowledge InDoubt(int names) => new((((uint)names << 2) | MoreNamesFlag) + 1);

    /// <summary>The service has an update.</summary>
    /// <param name="names">The number of the set of names that the profile got with this state.</param>
    /// <param name="hasMore">Whether the update itself has fewer: the others were sent before, and were not removed.</param>
    public static SyncKnowledge Update(int names, bool hasMore) =>
        new((((uint)names << 2) | UpdateFlag | (hasMore ? MoreNamesFlag : 0)) + 1);

    public bool IsRemoved => Code == 0;

    /// <summary>Whether the service has the update that the hash is of.</summary>
    public bool HasUpdate => !IsRemoved && ((Code - 1) & UpdateFlag) != 0;

    /// <summary>The number of the set of names; 0, which is the empty set, where none are known.</summary>
    public int Names => IsRemoved ? 0 : (int)((Code - 1) >> 2);

    /// <summary>Whether the profile may have names that its last update did not have.</summary>
    public bool HasMoreNames => !IsRemoved && ((Code - 1) & MoreNamesFlag) != 0;
}
