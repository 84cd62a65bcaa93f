using System.Security.Cryptography;
using System.Text;
using ProfilesModule.Server.Http;

namespace ProfilesModule.Page;

/// <summary>
/// Tells requests of the page from those of other pages and programs. Another site can make a browser send a request, but neither set
/// its header nor read a reply; the cookie it does not get sent along either.
/// </summary>
/// <param name="endpoint">The server.</param>
/// <param name="needsKey">Whether the page opens only with <see cref="NewAddress"/>.</param>
internal sealed class PageSession(Uri endpoint, bool needsKey)
{
    /// <summary>The parameter of the query string that holds the key.</summary>
    public const string KeyName = "key";

    /// <summary>The header of the page's requests that holds the key.</summary>
    public const string HeaderName = "X-Profiles-Session";

    private readonly HashSet<string> _unused = [];

    // Cookies do not tell ports apart.
    private readonly string _cookieName = $"profiles-{endpoint.Port}";

    /// <summary>What only the page knows.</summary>
    public string Key { get; } = NewKey();

    /// <summary>
    /// An address that opens the page. Its key works once, because other users of the machine can see the command line of a browser.
    /// </summary>
    public Uri NewAddress()
    {
        if (!needsKey)
            return endpoint;
        var key = NewKey();
        lock (_unused)
            _unused.Add(key);
        return new(endpoint, $"?{KeyName}={key}");
    }

    /// <summary>The header that gives a browser the cookie.</summary>
    public string Cookie => $"{_cookieName}={Key}; Path=/; HttpOnly; SameSite=Strict";

    /// <summary>Whether a request may have the page.</summary>
    public bool Opens(EngageRequest request) =>
        !needsKey || HasCookie(request) || Takes(request.Query.GetValueOrDefault(KeyName));

    /// <summary>Whether a request has the cookie.</summary>
    public bool HasCookie(EngageRequest request) =>
        (request.Header("Cookie") ?? "").Split(';', StringSplitOptions.TrimEntries)
            .Any(cookie => cookie.Split('=', 2) is [var name, var value] && name == _cookieName && IsKey(value));

    /// <summary>Whether a request comes from a script of the page. A body has to be JSON, or bytes, which a form cannot send.</summary>
    public bool IsFromPage(EngageRequest request) => HasCookie(request) && IsKey(request.Header(HeaderName))
        && (request.Method == "GET" || request.MediaType is "application/json" or "application/octet-stream");

    private static string NewKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private bool Takes(string? key)
    {
        lock (_unused)
            return key is not null && _unused.Remove(key);
    }

    private bool IsKey(string? text) =>
        text is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(Key));
}
