using System.Buffers;
using System.Runtime.CompilerServices;

namespace ProfilesModule.Wire;

/// <summary>
/// A growing byte buffer that can be cut back and reused. <see cref="ArrayBufferWriter{T}"/> can do neither the cut nor
/// the byte patched in place that a batch needs.
/// </summary>
internal sealed class GrowingBuffer(int capacity) : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public int Capacity => _bytes.Length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, Length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Advance(int count) => Length += count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsSpan(Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(byte value)
    {
        Grow(1);
        _bytes[Length++] = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Grow(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Forgets everything from <paramref name="length"/> on.</summary>
    public void CutTo(int length) => Length = length;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Grow(int needed)
    {
        var wanted = Length + Math.Max(needed, 1);
        if (wanted > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(wanted, _bytes.Length * 2));
    }
}
