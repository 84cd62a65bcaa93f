using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ProfilesModule.Wire;

/// <summary>
/// A growing byte buffer that can be cut back and reused. <see cref="ArrayBufferWriter{T}"/> can do neither the cut nor
/// the byte patched in place that a batch needs.
/// </summary>
internal sealed class GrowingBuffer(int capacity) : IBufferWriter<byte>
{
    // What one large value needs is lent: else each would leave as much behind for the collector.
    private const int Large = 1 << 20;

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

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

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

    /// <summary>Writes a text in quotes, with those in it doubled, as RFC 4180 has it.</summary>
    public void WriteInQuotes(ReadOnlySpan<byte> text)
    {
        Write((byte)'"');
        for (var quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            Write(text[..(quote + 1)]);
            Write((byte)'"');
            text = text[(quote + 1)..];
        }

        Write(text);
        Write((byte)'"');
    }

    /// <summary>Forgets everything from <paramref name="length"/> on.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Releases memory that one large value needed and no other will.</summary>
    public void Shrink(int capacity)
    {
        capacity = Math.Max(capacity, Length);
        if (_bytes.Length > 2 * capacity)
            Resize(capacity);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Grow(int needed)
    {
        var wanted = Length + Math.Max(needed, 1);
        if (wanted > _bytes.Length)
            Resize(Math.Max(wanted, _bytes.Length * 2));
    }

    private void Resize(int capacity)
    {
        var other = capacity > Large ? ArrayPool<byte>.Shared.Rent(capacity) : new byte[capacity];
        WrittenSpan.CopyTo(other);
        if (_bytes.Length > Large)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = other;
    }
}

/// <summary>One value of JSON at a time, in memory that is reused.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A writer over a buffer has nothing to dispose of.")]
internal sealed class JsonBuffer
{
    private readonly GrowingBuffer _bytes = new(256);
    private readonly Utf8JsonWriter _json;

    public JsonBuffer() => _json = new(_bytes, EngageJson.Options);

    /// <summary>What was written, until the next value is begun.</summary>
    public ReadOnlySpan<byte> Written
    {
        get
        {
            _json.Flush();
            return _bytes.WrittenSpan;
        }
    }

    /// <summary>Forgets the value before; where the next one is written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Utf8JsonWriter Begin()
    {
        _bytes.Truncate(0);
        _json.Reset(_bytes);
        return _json;
    }

    /// <summary>The UTF-8 bytes of what <paramref name="write"/> writes.</summary>
    public byte[] Write(Action<Utf8JsonWriter> write)
    {
        write(Begin());
        return Written.ToArray();
    }
}

/// <summary>How the JSON of a request is written.</summary>
internal static class EngageJson
{
    // The body is read by a JSON parser, never put into HTML, so only what JSON itself demands is escaped.
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    // What is written is well-formed by construction; checking every token again would be work for nothing.
    public static JsonWriterOptions Options { get; } = new() { SkipValidation = true, Encoder = Encoder };

    public static JsonEncodedText Encode(string text) => JsonEncodedText.Encode(text, Encoder);

    /// <summary>Whether text can be sent: half of a surrogate pair would arrive as other text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool IsText(string? text)
    {
        for (var rest = text.AsSpan(); rest.IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and var at; rest = rest[(at + 2)..])
        {
            if (at + 1 >= rest.Length || !char.IsSurrogatePair(rest[at], rest[at + 1]))
                return false;
        }

        return true;
    }
}
