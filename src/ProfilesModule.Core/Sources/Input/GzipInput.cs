using System.IO.Compression;
using System.Security.Cryptography;
using ProfilesModule.Wire;

namespace ProfilesModule.Sources.Input;

/// <summary>
/// What is compressed with gzip, all its members one after the other. GZipStream takes compressed data that was cut off, or
/// that something else follows, for whole. So a member with a mark of our own is read behind the input: only where the mark
/// comes out at the end was the input whole, and nothing is handed out that was read after its end before that is known.
/// </summary>
internal sealed class GzipInput : ForwardStream
{
    private readonly byte[] _mark = RandomNumberGenerator.GetBytes(16);
    private readonly MarkedInput _input;
    private readonly GZipStream _content;
    private MemoryStream? _rest;

    /// <summary>Reads compressed input.</summary>
    /// <param name="input">The input, which is disposed of with this.</param>
    public GzipInput(Stream input)
    {
        using var member = new MemoryStream();
        using (var compressed = new GZipStream(member, CompressionLevel.Fastest, leaveOpen: true))
            compressed.Write(_mark);
        _input = new(input, member.ToArray());
        _content = new(_input, CompressionMode.Decompress);
    }

    /// <summary>Whether input is compressed with gzip: its two magic bytes and its only method. No text begins like that.</summary>
    /// <param name="start">The first bytes of the input.</param>
    public static bool Reads(ReadOnlySpan<byte> start) => start.StartsWith<byte>([0x1F, 0x8B, 0x08]);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        if (_rest is null)
        {
            var read = Inflate(buffer);
            if (read > 0 && !_input.HasEnded)
                return read;
            _rest = Rest(buffer[..read]);
        }

        return _rest.Read(buffer);
    }

    /// <inheritdoc/>
    protected override IDisposable Inner => _content;

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return _content.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw Broken(e);
        }
    }

    /// <summary>What is left of the content once the input has ended, without the mark; it is little more than the mark.</summary>
    private MemoryStream Rest(ReadOnlySpan<byte> start)
    {
        var rest = new MemoryStream();
        rest.Write(start);
        Span<byte> buffer = stackalloc byte[1024];
        for (var read = start.Length; read > 0; rest.Write(buffer[..read]))
            read = Inflate(buffer);
        if (!_input.HasEnded)
            throw new InvalidDataException("its gzip data is followed by other data");
        if (!rest.GetBuffer().AsSpan(0, (int)rest.Length).EndsWith(_mark))
            throw Broken(null);
        rest.SetLength(rest.Length - _mark.Length);
        rest.Position = 0;
        return rest;
    }

    private static InvalidDataException Broken(Exception? e) => new("its gzip data is cut off or damaged", e);

    /// <summary>Input, and a mark behind it.</summary>
    private sealed class MarkedInput(Stream input, byte[] mark) : ForwardStream
    {
        private int _marked;

        /// <summary>Whether the input was read to its end.</summary>
        public bool HasEnded { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            if (!HasEnded && input.Read(buffer) is > 0 and var read)
                return read;
            HasEnded = true;
            var count = Math.Min(buffer.Length, mark.Length - _marked);
            mark.AsSpan(_marked, count).CopyTo(buffer);
            _marked += count;
            return count;
        }

        protected override IDisposable Inner => input;
    }
}
