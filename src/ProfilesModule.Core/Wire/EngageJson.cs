using System.Text.Encodings.Web;
using System.Text.Json;

namespace ProfilesModule.Wire;

/// <summary>How the JSON of a request is written.</summary>
internal static class EngageJson
{
    // The body is read by a JSON parser, never put into HTML, so only what JSON itself demands is escaped.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    // What is written is well-formed by construction; checking every token again would be work for nothing.
    public static JsonWriterOptions Options { get; } = new() { SkipValidation = true, Encoder = Encoder };

    public static JsonEncodedText Encode(string text) => JsonEncodedText.Encode(text, Encoder);
}
