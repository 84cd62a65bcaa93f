using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;

namespace ProfilesModule.Benchmarks.Limit;

/// <summary>Writes rows as records: the first column is the distinct id, <c>age</c> and <c>ltv</c> are numbers, <c>active</c> is true or false, the rest is text.</summary>
internal sealed class RecordWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonEncodedText Token = JsonEncodedText.Encode("$token");
    private static readonly JsonEncodedText DistinctId = JsonEncodedText.Encode("$distinct_id");
    private static readonly JsonEncodedText Set = JsonEncodedText.Encode("$set");
    private static readonly JsonEncodedText TokenValue = JsonEncodedText.Encode("benchmark");

    private readonly JsonEncodedText[] _names;
    private readonly Kind[] _kinds;
    private readonly Utf8JsonWriter _json;

    public RecordWriter(IEnumerable<string> columns, IBufferWriter<byte> body)
    {
        _names = [.. columns.Select(name => JsonEncodedText.Encode(name))];
        _kinds = [.. columns.Select(name => name switch { "age" or "ltv" => Kind.Number, "active" => Kind.Boolean, _ => Kind.Text })];
        _json = new(body, Options);
    }

    private enum Kind
    {
        Text,
        Number,
        Boolean,
    }

    public void BeginBody(IBufferWriter<byte> body)
    {
        _json.Reset(body);
        _json.WriteStartArray();
    }

    public void Write(CsvReader row)
    {
        _json.WriteStartObject();
        _json.WriteString(Token, TokenValue);
        _json.WriteString(DistinctId, row.GetSpan(0));
        _json.WriteStartObject(Set);
        for (var i = 1; i < _names.Length; i++)
        {
            var cell = row.GetSpan(i);
            if (_kinds[i] == Kind.Number && Utf8Parser.TryParse(cell, out decimal number, out var used) && used == cell.Length)
                _json.WriteNumber(_names[i], number);
            else if (_kinds[i] == Kind.Boolean)
                _json.WriteBoolean(_names[i], cell.SequenceEqual("true"u8));
            else
                _json.WriteString(_names[i], cell);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    public void Dispose() => _json.Dispose();

    public void EndBody()
    {
        _json.WriteEndArray();
        _json.Flush();
    }
}
