using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ProfilesModule.Server;

/// <summary>A JSON writer and the memory it writes to, used for one value after another.</summary>
internal sealed class JsonBuffer : IDisposable
{
    // Nothing written here ends up in HTML, so only what JSON itself demands is escaped. Writers of values always
    // write whole ones, hence no validation.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);
    private readonly Utf8JsonWriter _writer;

    public JsonBuffer() => _writer = new Utf8JsonWriter(_bytes, Options);

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
