using System.Buffers;
using System.Text;
using System.Text.Json;
using ProfilesModule.Wire;

namespace ProfilesModule.Export;

/// <summary>
/// The values of profiles as the cells of a CSV file: text as it is, numbers, Booleans, lists and objects as their JSON,
/// null as an empty cell. Holds one value at a time.
/// </summary>
internal sealed class ProfileCell : IDisposable
{
    /// <summary>Values that a service returned contain no cycle; they are as deep as the reader of its pages takes them.</summary>
    public static readonly ValueWriter Values = new(value => value) { MaximumDepth = 128 };

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Utf8JsonWriter _json;

    public ProfileCell() => _json = new(_text, EngageJson.Options);

    /// <summary>The text of a value, until the next is asked for.</summary>
    public ReadOnlySpan<byte> Of(object? value)
    {
        _text.ResetWrittenCount();
        switch (value)
        {
            case null:
                break;
            case string text:
                Encoding.UTF8.GetBytes(text, _text);
                break;
            default:
                _json.Reset();
                Values.Write(_json, value);
                _json.Flush();
                break;
        }

        return _text.WrittenSpan;
    }

    public void Dispose() => _json.Dispose();
}
