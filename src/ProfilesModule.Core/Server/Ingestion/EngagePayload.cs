using System.Text;

namespace ProfilesModule.Server;

/// <summary>The JSON text that a request carries, whichever way it was wrapped, and the form fields beside it.</summary>
internal sealed class EngagePayload
{
    private static readonly Dictionary<string, string> NoFields = [];

    private EngagePayload(ReadOnlyMemory<byte> json, IReadOnlyDictionary<string, string> fields)
    {
        Json = json;
        Fields = fields;
    }

    /// <summary>What should be JSON in UTF-8; empty when the request carries no data.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The fields of a form body; none for a JSON body.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; }

    /// <summary>
    /// Finds the data as the clients of the service send it: a JSON body; a form body, also one labelled
    /// <c>text/plain</c>, whose field <c>data</c> is JSON or base64 of JSON; or that field in the query string.
    /// </summary>
    public static EngagePayload From(EngageRequest request)
    {
        ReadOnlyMemory<byte> body = WithoutByteOrderMark(request.Body);
        if (request.MediaType == "application/json" || LooksLikeJson(body.Span))
            return new EngagePayload(body, NoFields);

        Dictionary<string, string> fields = FormFields.Parse(Encoding.UTF8.GetString(body.Span));
        if (!fields.TryGetValue("data", out string? data))
            request.Query.TryGetValue("data", out data);
        return new EngagePayload(Unwrap(data ?? ""), fields);
    }

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;

    private static bool LooksLikeJson(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> text = body.TrimStart(" \t\r\n"u8);
        return !text.IsEmpty && text[0] is (byte)'[' or (byte)'{';
    }

    private static byte[] Unwrap(string data)
    {
        byte[] text = Encoding.UTF8.GetBytes(data);
        if (LooksLikeJson(text))
            return text;

        // A plus sign that the sender did not escape has become a space; padding is often left out.
        string base64 = data.Trim().Replace(' ', '+').TrimEnd('=');
        base64 = base64.PadRight((base64.Length + 3) / 4 * 4, '=');
        var decoded = new byte[base64.Length / 4 * 3];
        return Convert.TryFromBase64String(base64, decoded, out int length) ? decoded[..length] : text;
    }
}
