using System.Buffers;
using System.Text.Json;
using ProfilesModule.Wire;

namespace ProfilesModule.Server;

/// <summary>A JSON writer and the memory it writes to, used for one value after another.</summary>
internal sealed class JsonBuffer : IDisposable
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1024);
    private readonly Utf8JsonWriter _writer;

    public JsonBuffer() => _writer = new Utf8JsonWriter(_bytes, EngageJson.Options);

    /// <summary>Starts a value. One that was begun and never ended is forgotten.</summary>
    public Utf8JsonWriter Begin()
    {
        _bytes.ResetWrittenCount();
        _writer.Reset();
        return _writer;
    }

    /// <summary>Ends the value and returns its UTF-8 bytes.</summary>
    public byte[] End()
    {
        _writer.Flush();
        return _bytes.WrittenSpan.ToArray();
    }

    public void Dispose() => _writer.Dispose();
}
