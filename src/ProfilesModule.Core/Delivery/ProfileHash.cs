using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ProfilesModule.Delivery;

/// <summary>Tells profiles apart by 64 bits of their distinct id (MurmurHash64A); two ids that collide only wait for each other.</summary>
internal static class ProfileHash
{
    private const ulong Multiplier = 0xC6A4A7935BD1E995;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Of(ReadOnlySpan<byte> distinctId)
    {
        var hash = (ulong)distinctId.Length * Multiplier;
        for (; distinctId.Length >= sizeof(ulong); distinctId = distinctId[sizeof(ulong)..])
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(distinctId) * Multiplier;
            hash = (hash ^ ((word ^ (word >> 47)) * Multiplier)) * Multiplier;
        }

        if (!distinctId.IsEmpty)
        {
            var rest = 0UL;
            for (var i = 0; i < distinctId.Length; i++)
                rest |= (ulong)distinctId[i] << (8 * i);
            hash = (hash ^ rest) * Multiplier;
        }

        hash = (hash ^ (hash >> 47)) * Multiplier;
        return hash ^ (hash >> 47);
    }
}
