using System.Text.Json;
using ProfilesModule.Server.Http;

namespace ProfilesModule.Page;

/// <summary>Reads the JSON object that a request of the page carries.</summary>
internal static class JsonBody
{
    /// <exception cref="BadRequestException">The body is not a JSON object.</exception>
    public static JsonDocument Parse(EngageRequest request)
    {
        try
        {
            var document = JsonDocument.Parse(request.Body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
        }
        catch (JsonException e)
        {
            throw new BadRequestException($"The request is not valid JSON: {e.Message}");
        }

        throw new BadRequestException("The request must be a JSON object.");
    }

    /// <summary>A member that is text; null if there is none.</summary>
    public static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>Replies that a browser saves as a file.</summary>
internal static class Download
{
    /// <summary>A reply as a file of that name, in any language.</summary>
    public static Reply As(string name, Reply reply)
    {
        var disposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(name)}";
        return reply with { Headers = new Dictionary<string, string> { ["Content-Disposition"] = disposition } };
    }
}
