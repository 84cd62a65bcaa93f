using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ProfilesModule.Wire;

/// <summary>
/// Describes a reply that is not the service's: a login page, a filter's "blocked", a redirect, what a proxy made of a reply.
/// To find the cause one has to know what answered.
/// </summary>
internal static class ForeignReply
{
    /// <summary>How many characters of a page are read.</summary>
    private const int LookedAt = 8192;

    /// <summary>How many characters of a page are shown.</summary>
    private const int Shown = 100;

    /// <summary>Says what answered.</summary>
    public static string Describe(HttpResponseMessage response, ReadOnlySpan<byte> body, Uri? proxy, ServiceText text)
    {
        var code = (int)response.StatusCode;
        var described = new List<string>();
        if (response.Headers.Location is { } location)
            described.Add($"Location {text.Show(location.ToString())}");
        if (response.Content.Headers.ContentType?.MediaType is { } type)
            described.Add(text.Show(type));
        if (Words(response.Content.Headers, body, text) is { Length: > 0 } words)
            described.Add(words);
        if (response.Headers.Server.ToString() is { Length: > 0 } server)
            described.Add($"Server {text.Show(server)}");
        if (response.Headers.Via.ToString() is { Length: > 0 } via)
            described.Add($"Via {text.Show(via)}");
        if (proxy is not null)
            described.Add($"through the proxy {proxy.GetLeftPart(UriPartial.Authority)}");
        var who = code is 408 or 413 or 414 or 429 or (>= 500 and not 511) ? "the service, or something on the way to it, answered" : "something between here and the service answered";
        return string.Create(CultureInfo.InvariantCulture, $"{who} {code}{(described.Count > 0 ? $": {string.Join("; ", described)}" : "")}");
    }

    private static string Words(HttpContentHeaders headers, ReadOnlySpan<byte> body, ServiceText text)
    {
        if (body.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) || headers.ContentEncoding.Count > 0)
            return "compressed, although that was not requested";
        if (body.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]) || body.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]))
            return "text in UTF-16, where the service answers in UTF-8";
        if (body.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]))
            return "text with a byte-order mark, which the service does not write";
        var page = Encoding.UTF8.GetString(body[..Math.Min(body.Length, LookedAt)]);
        if (Title(page) is { Length: > 0 } title)
            return $"title \"{Start(text.Show(title))}\"";
        return WithoutTags(page) is { Length: > 0 } words ? $"\"{Start(text.Show(words))}\"" : "";
    }

    private static string? Title(string page)
    {
        var tag = page.IndexOf("<title", StringComparison.OrdinalIgnoreCase);
        var begin = tag < 0 ? -1 : page.IndexOf('>', tag) + 1;
        var end = begin <= 0 ? -1 : page.IndexOf("</title", begin, StringComparison.OrdinalIgnoreCase);
        return end < 0 ? null : WebUtility.HtmlDecode(page[begin..end]).Trim();
    }

    private static string WithoutTags(string page)
    {
        var words = new StringBuilder();
        var isTag = false;
        foreach (var c in page)
        {
            isTag = c == '<' || (isTag && c != '>');
            if (!isTag)
                words.Append(c is '>' || char.IsWhiteSpace(c) ? ' ' : c);
        }

        return WebUtility.HtmlDecode(string.Join(' ', words.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    private static string Start(string words) => words.Length <= Shown ? words : words[..Shown] + "…";
}
