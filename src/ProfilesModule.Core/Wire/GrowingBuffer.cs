using System.Buffers;

namespace ProfilesModule.Wire;

/// <summary>
/// A growing byte buffer that can be cut back and reused. <see cref="ArrayBufferWriter{T}"/> can do neither the cut nor
/// the byte patched in place that a batch needs.
/// </summary>
internal sealed class GrowingBuffer(int capacity) : IBufferWriter<byte>
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, Length);

    public void Advance(int count) => Length += count;

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

    public void Write(byte value)
    {
        Grow(1);
        _bytes[Length++] = value;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Grow(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Forgets everything from <paramref name="length"/> on.</summary>
    public void CutTo(int length) => Length = length;

    private void Grow(int needed)
    {
        var wanted = Length + Math.Max(needed, 1);
        if (wanted > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(wanted, _bytes.Length * 2));
    }
}
