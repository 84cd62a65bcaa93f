using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Page;

/// <summary>What others than the page itself get, over HTTP as a browser or a program sends it.</summary>
public sealed partial class PageSecurityTests : IDisposable
{
    private const string Edit = """{"id":"a","set":{"n":2}}""";

    private readonly ModuleSession _session = new();
    private readonly HttpClient _client;
    private readonly Uri _address;
    private readonly string _cookie;
    private readonly string _key;

    public PageSecurityTests()
    {
        _address = (Uri)_session.Run("$null = Start-UserProfileServer; Set-UserProfile a -Property @{ n = 1 }; Show-UserProfile -PassThru").Succeeded().Output[^1].BaseObject;
        _client = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false });
        using var page = _client.GetAsync(_address).GetAwaiter().GetResult();
        _cookie = page.Headers.GetValues("Set-Cookie").Single();
        _key = Key().Match(page.Content.ReadAsStringAsync().GetAwaiter().GetResult()).Groups[1].Value;
    }

    public void Dispose()
    {
        _client.Dispose();
        _session.Dispose();
    }

    [Fact]
    public async Task The_page_itself_may_edit()
    {
        using var response = await Send(HttpMethod.Post, "app/profile", Edit);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2L, _session.Run("Get-UserProfile a").Succeeded().Value("n"));
    }

    [Theory]
    [InlineData("Cookie", null)]
    [InlineData("X-Profiles-Session", null)]
    [InlineData("Cookie", "profiles=wrong")]
    [InlineData("X-Profiles-Session", "wrong")]
    [InlineData("Content-Type", "text/plain")]
    [InlineData("Content-Type", "application/x-www-form-urlencoded")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "127.0.0.1.evil.example")]
    public async Task A_request_that_another_site_could_send_changes_and_shows_nothing(string header, string? value)
    {
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Post, "app/profile", Edit), (HttpMethod.Post, "app/removals", "{}"), (HttpMethod.Post, "app/faults", """{"faults":[{"every":1}]}"""),
            (HttpMethod.Post, "app/imports", """{"name":"users.csv","length":1}"""),
        })
        {
            using var response = await Send(method, path, body, (header, value));

            // HttpListener itself refuses other hosts.
            Assert.Contains(response.StatusCode, new[] { HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.BadRequest });
        }

        if (header != "Content-Type")
        {
            using var read = await Send(HttpMethod.Get, "app/profile?id=a", null, (header, value));
            Assert.NotEqual(HttpStatusCode.OK, read.StatusCode);
        }

        Assert.Equal(1L, _session.Run("Get-UserProfile a").Succeeded().Value("n"));
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Host", "evil.example")]
    public async Task Another_site_does_not_get_the_key(string header, string value)
    {
        using var response = await Send(HttpMethod.Get, "", null, (header, value));
        Assert.NotEqual(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(_key, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_file_to_import_arrives_only_as_it_was_announced()
    {
        using var tooLong = await Send(HttpMethod.Post, "app/imports", """{"name":"users.csv","length":1073741825}""");
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
        using var started = await Send(HttpMethod.Post, "app/imports", """{"name":"../../users.csv","length":4}""");
        var key = Hexadecimal().Match(await started.Content.ReadAsStringAsync()).Value;
        foreach (var path in new[] { "look", "check", "run" })
        {
            using var early = await Send(HttpMethod.Post, $"app/imports/{path}", $$"""{"key":"{{key}}"}""");
            Assert.Contains("did not arrive", await early.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        foreach (var (offset, part, status) in new[]
        {
            ("1", "123", HttpStatusCode.BadRequest), ("0", "12345", HttpStatusCode.BadRequest), ("x", "1", HttpStatusCode.BadRequest),
            ("0", "1234", HttpStatusCode.OK), ("0", "1234", HttpStatusCode.BadRequest), ("4", "5", HttpStatusCode.BadRequest),
        })
        {
            using var response = await Send(HttpMethod.Post, $"app/imports/part?key={key}&offset={offset}", part, ("Content-Type", "application/octet-stream"));
            Assert.Equal(status, response.StatusCode);
        }

        using var unknown = await Send(HttpMethod.Get, "app/imports/mapping?key=none", null);
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
    }

    [Fact]
    public async Task A_download_needs_the_cookie()
    {
        using var without = await Send(HttpMethod.Get, "app/value?id=a&name=n", null, ("Cookie", null));
        Assert.Equal(HttpStatusCode.Forbidden, without.StatusCode);
        using var with = await Send(HttpMethod.Get, "app/value?id=a&name=n", null, ("X-Profiles-Session", null));
        Assert.Equal("1", await with.Content.ReadAsStringAsync());
        Assert.StartsWith("attachment", with.Content.Headers.ContentDisposition!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("page/page.js")]
    [InlineData("app/profile?id=a")]
    [InlineData("app/none")]
    [InlineData("page/none.js")]
    public async Task Every_reply_forbids_what_the_page_does_not_need(string path)
    {
        using var response = await Send(HttpMethod.Get, path, null);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public void The_cookie_is_for_this_page_alone()
    {
        Assert.StartsWith($"profiles-{_address.Port}=", _cookie, StringComparison.Ordinal);
        Assert.EndsWith("; Path=/; HttpOnly; SameSite=Strict", _cookie, StringComparison.Ordinal);
        Assert.Equal(32, _key.Length);
    }

    [Fact]
    public async Task A_server_with_a_service_account_gives_the_page_only_to_who_has_the_key()
    {
        var address = (Uri)_session.Run("""
            $account = [pscredential]::new('robot', (ConvertTo-SecureString 'secret' -AsPlainText -Force))
            Start-UserProfileServer -ServiceAccount $account | Show-UserProfile -PassThru
            """).Succeeded().Output[^1].BaseObject;
        using (var closed = await _client.GetAsync(new Uri(address, "/")))
        {
            Assert.Equal(HttpStatusCode.Forbidden, closed.StatusCode);
            Assert.DoesNotContain(address.Query.Split('=')[1], await closed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var opened = await _client.GetAsync(address);
        Assert.Equal((HttpStatusCode.SeeOther, "/"), (opened.StatusCode, opened.Headers.Location!.OriginalString));
    }

    [Fact]
    public void The_client_makes_no_markup_of_values()
    {
        var folder = Path.Combine(ModuleSession.RepositoryRoot, "src", "ProfilesModule.Page", "Client");
        Assert.All(Directory.GetFiles(folder), file => Assert.DoesNotMatch(Markup(), File.ReadAllText(file)));
        Assert.InRange(Directory.GetFiles(folder).Sum(file => File.ReadLines(file).Count()), 500, 1850);
    }

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Hexadecimal();

    [GeneratedRegex("name=\"session\" content=\"([0-9a-f]+)\"")]
    private static partial Regex Key();

    [GeneratedRegex(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function|<script(?! type=""module"" src=)|\son[a-z]+=""|style=""|https?://(?!www\.w3\.org/2000/svg)")]
    private static partial Regex Markup();

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, string? body, params (string Name, string? Value)[] changes)
    {
        var headers = new Dictionary<string, string?>
        {
            ["Cookie"] = _cookie.Split(';')[0],
            ["X-Profiles-Session"] = _key,
            ["Content-Type"] = "application/json",
            ["Origin"] = method == HttpMethod.Post ? _address.GetLeftPart(UriPartial.Authority) : null,
            ["Sec-Fetch-Site"] = "same-origin",
        };
        foreach (var (name, value) in changes)
        {
            headers[name] = value;

            // Where a request has an Origin, that decides.
            if (name == "Sec-Fetch-Site")
                headers["Origin"] = null;
        }

        using var request = new HttpRequestMessage(method, new Uri(_address, path));
        if (body is not null)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        foreach (var (name, value) in headers.Where(header => header.Value is not null && (body is not null || header.Key != "Content-Type")))
        {
            if (name == "Content-Type")
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            else
                request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _client.SendAsync(request);
    }
}
