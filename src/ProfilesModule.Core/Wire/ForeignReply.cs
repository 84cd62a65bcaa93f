using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace ProfilesModule.Wire;

/// <summary>
/// Describes a reply that is not the service's: a login page, a filter's "blocked", a redirect, what a proxy made of a reply.
/// To find the cause one has to know what answered.
/// </summary>
internal static partial class ForeignReply
{
    /// <summary>How many characters of a page are read.</summary>
    private const int LookedAt = 8192;

    /// <summary>How many characters of a page are shown.</summary>
    private const int Shown = 100;

    /// <summary>Says what answered.</summary>
    public static string Describe(HttpResponseMessage response, ReadOnlySpan<byte> body, Uri? proxy, ServiceText text)
    {
        var code = (int)response.StatusCode;
        string?[] parts =
        [
            response.Headers.Location is { } location ? $"Location {text.Show(location.ToString())}" : null,
            response.Content.Headers.ContentType?.MediaType is { } type ? text.Show(type) : null,
            Words(response.Content.Headers, body, text),
            response.Headers.Server.ToString() is { Length: > 0 } server ? $"Server {text.Show(server)}" : null,
            response.Headers.Via.ToString() is { Length: > 0 } via ? $"Via {text.Show(via)}" : null,
            proxy is null ? null : $"through the proxy {proxy.GetLeftPart(UriPartial.Authority)}",
        ];
        var described = string.Join("; ", parts.Where(part => !string.IsNullOrEmpty(part)));
        var who = code is 408 or 413 or 414 or 429 or (>= 500 and not 511) ? "the service, or something on the way to it, answered" : "something between here and the service answered";
        return string.Create(CultureInfo.InvariantCulture, $"{who} {code}{(described.Length > 0 ? $": {described}" : "")}");
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

    private static string? Title(string page) =>
        TitleTag().Match(page) is { Success: true } title ? WebUtility.HtmlDecode(title.Groups[1].Value).Trim() : null;

    [GeneratedRegex("<title[^>]*>(.*?)</title", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex TitleTag();

    private static string WithoutTags(string page) => WebUtility.HtmlDecode(
        string.Join(' ', Tags().Replace(page, " ").Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)));

    // The last one may be cut off.
    [GeneratedRegex("<[^>]*>?|>")]
    private static partial Regex Tags();

    private static string Start(string words) => words.Length <= Shown ? words : words[..Shown] + "…";
}
