using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ProfilesModule.Model;

/// <summary>Where an update came from, so that an error can name it.</summary>
/// <param name="Row">The 1-based number of the row among everything that the run read.</param>
/// <param name="Line">The 1-based line of the file where the row starts; 0 when it came from no file.</param>
/// <param name="Source">The user's own record, or the file that holds it.</param>
internal readonly record struct UpdateOrigin(long Row, long Line, object? Source)
{
    /// <summary>Whether the row is one of a reject file that says of it that a later row of its profile was sent.</summary>
    public bool IsSuperseded { get; init; }
}

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

/// <summary>The outcome of a row.</summary>
internal enum RowOutcome : byte
{
    /// <summary>None yet: it was not sent, or the run ended before its outcome.</summary>
    None,

    Accepted,

    /// <summary>It was refused, here or by the service, or could not be delivered.</summary>
    Rejected,

    /// <summary>It may have been applied.</summary>
    Unknown,

    /// <summary>It was left out once more, since it may have been applied.</summary>
    Skipped,
}
