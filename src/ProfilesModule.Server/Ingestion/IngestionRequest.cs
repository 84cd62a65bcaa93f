using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ProfilesModule.Server.Http;

namespace ProfilesModule.Server.Ingestion;

/// <summary>The data that a request carries, whichever way it was wrapped, and what it asks of its reply.</summary>
internal sealed partial class IngestionRequest
{
    // Other endpoints have these, and this one had them long ago. A client that is redirected, or gets a picture, would miss the reply.
    private static readonly string[] NotSupported = ["img", "redirect"];

    private readonly EngageRequest _request;
    private readonly Dictionary<string, string> _fields = [];

    /// <summary>
    /// Finds the data as the clients of the service send it: a JSON body; a form body, also one labelled
    /// <c>text/plain</c>, whose field <c>data</c> is JSON or base64 of JSON; or that field in the query string.
    /// </summary>
    /// <remarks>
    /// <c>verbose</c> is 0, 1 or 2, of which the last two mean the same, <c>strict</c> and <c>ip</c> are 0 or 1. There is no geo
    /// database, so <c>ip</c> is checked and has no effect.
    /// </remarks>
    public IngestionRequest(EngageRequest request)
    {
        _request = request;
        var body = request.Body.Span.StartsWith("\uFEFF"u8) ? request.Body[3..] : request.Body;
        if (request.MediaType == "application/json" || LooksLikeJson(body.Span))
        {
            Data = body;
        }
        else
        {
            _fields = EngageRequest.ParseForm(Encoding.UTF8.GetString(body.Span));
            Data = Unwrap(Text("data") ?? "");
        }

        IsVerbose = Number("verbose", 2) > 0;
        IsStrict = Number("strict", 1) > 0;
        Number("ip", 1);
        Callback = ReadCallback();
        foreach (var name in NotSupported)
        {
            if (Text(name) is not (null or "0"))
                Error ??= $"{name}, not supported by this server";
        }
    }

    /// <summary>What should be JSON in UTF-8; empty when the request carries no data.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>What the reader of its records has to know.</summary>
    public UpdateContext Context => new(IsForGroups, IsStrict, Data.Length, _request.ReceivedAt);

    /// <summary>Whether it updates groups, which have a <c>$group_key</c> and <c>$group_id</c> in place of a <c>$distinct_id</c>.</summary>
    public bool IsForGroups => _request.Path == "/groups";

    /// <summary>Whether the reply is a JSON object and not the bare <c>1</c> or <c>0</c>.</summary>
    public bool IsVerbose { get; }

    /// <summary>Whether a record has one operation and no placeholder for an id, and the reply names every record that failed.</summary>
    public bool IsStrict { get; }

    /// <summary>The JavaScript function that the reply calls; null for a plain reply.</summary>
    public string? Callback { get; }

    /// <summary>What is wrong with the parameters, which then have their defaults; null when nothing is.</summary>
    public string? Error { get; private set; }

    /// <summary>Parses the data.</summary>
    /// <param name="problem">What is wrong with it; null when nothing is.</param>
    /// <returns>The document; null if the data is not JSON.</returns>
    public JsonDocument? Parse(out string? problem)
    {
        problem = null;
        try
        {
            return JsonDocument.Parse(Data, new JsonDocumentOptions { MaxDepth = 64 });
        }
        catch (JsonException e)
        {
            problem = e.Message;
            return null;
        }
    }

    public static JsonElement[] Records(JsonDocument document) =>
        document.RootElement.ValueKind == JsonValueKind.Array ? [.. document.RootElement.EnumerateArray()] : [document.RootElement];

    private static bool LooksLikeJson(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8) is [(byte)'[' or (byte)'{', ..];

    private static byte[] Unwrap(string data)
    {
        var text = Encoding.UTF8.GetBytes(data);
        if (LooksLikeJson(text))
            return text;

        // A plus sign that the sender did not escape has become a space; padding is often left out.
        var base64 = data.Trim().Replace(' ', '+').TrimEnd('=');
        base64 = base64.PadRight((base64.Length + 3) / 4 * 4, '=');
        var decoded = new byte[base64.Length / 4 * 3];
        return Convert.TryFromBase64String(base64, decoded, out var length) ? decoded[..length] : text;
    }

    // The fields of a form win over the query string.
    private string? Text(string name) =>
        (_fields.TryGetValue(name, out var text) || _request.Query.TryGetValue(name, out text)) && text.Length > 0 ? text : null;

    private int Number(string name, int maximum)
    {
        if (Text(name) is not { } text)
            return 0;
        if (text is [>= '0' and var digit] && digit <= '0' + maximum)
            return digit - '0';
        Error ??= $"{name}, must be a number from 0 to {maximum}";
        return 0;
    }

    private string? ReadCallback()
    {
        if (Text("callback") is not { } callback)
            return null;
        if (!IsForGroups && FunctionName().IsMatch(callback))
            return callback;
        Error ??= IsForGroups ? "callback, not supported for groups" : "callback, must be the name of a function";
        return null;
    }

    // Anything else would be a script of the sender's.
    [GeneratedRegex(@"^[A-Za-z_$][\w$.]{0,127}$", RegexOptions.ECMAScript)]
    private static partial Regex FunctionName();
}
