using System.Collections.Concurrent;
using ProfilesModule.Core.Tests.Wire;

namespace ProfilesModule.Tests.Page;

/// <summary>A page of another server tries what a browser lets it, while the Users page is open in the same browser.</summary>
public sealed class CrossSiteTests(PageBrowser browser) : PageTest(browser)
{
    private const string Edit = """{"id":"a","set":{"n":2}}""";

    // A form sends text/plain as name=value, so that the equals sign has to be in a text.
    private const string Attack = """
        <!doctype html>
        <title>Another site</title>
        <p></p>
        <iframe name="frame"></iframe>
        <form method="post" enctype="text/plain" target="frame" action="{{users}}app/profile"><input name='{"id":"a","set":{"n":2},"x":"' value='"}'></form>
        <form method="post" enctype="text/plain" target="frame" action="{{users}}app/removals"><input name='{"x":"' value='"}'></form>
        <form method="post" target="frame" action="{{users}}engage">
        <input name="data" value='[{"$token":"embedded","$distinct_id":"a","$set":{"n":2}}]'></form>
        <form method="post" target="frame" action="{{users}}app/requests/clear"></form>
        <script type="module">
        const read = [];
        async function attempt(path, options) {
          try {
            const response = await fetch('{{users}}' + path, { credentials: 'include', ...options });
            if (response.type !== 'opaque') read.push(path);
          } catch { /* The browser did not let it. */ }
        }
        const json = { 'Content-Type': 'application/json' };
        const posts = {
          'app/profile': '{"id":"a","set":{"n":2}}', 'app/removals': '{}', 'app/removals/run': '{}', 'app/requests/clear': '{}',
          'app/imports': '{}', 'app/imports/part': 'distinct_id,n', 'app/imports/run': '{}',
          'app/faults': '{"faults":[{"every":1,"status":500}]}', engage: '[{"$token":"embedded","$distinct_id":"a","$delete":""}]',
        };
        for (const [path, body] of Object.entries(posts)) {
          await attempt(path, { method: 'POST', headers: json, body });
          await attempt(path, { method: 'POST', headers: { ...json, 'X-Profiles-Session': 'guess' }, body });
          await attempt(path, { method: 'POST', mode: 'no-cors', body });
        }
        for (const path of ['', 'app/profile?id=a', 'app/value?id=a&name=n', 'app/removals/backup', 'app/imports/mapping', 'page/page.js']) {
          await attempt(path, {});
          await attempt(path, { mode: 'no-cors' });
        }
        const frame = document.querySelector('iframe');
        for (const open of [...[...document.forms].map(form => () => form.submit()), () => { frame.src = '{{users}}'; }]) {
          const loaded = new Promise(resolve => { frame.onload = resolve; });
          open();
          await loaded;
        }
        document.querySelector('p').textContent = `read: ${read}`;
        </script>
        """;

    [SkippableTheory]
    [InlineData("127.0.0.1")] // Another port is the same site, so that the cookie is sent.
    [InlineData("localhost")]
    public async Task A_page_of_another_origin_changes_nothing_and_reads_nothing(string host)
    {
        await Open("Set-UserProfile a -Property @{ n = 1 }");
        await Expect(Page.Locator("td.id")).ToHaveTextAsync(["a"]);
        var attack = Attack.Replace("{{users}}", Address.AbsoluteUri, StringComparison.Ordinal);
        await using var other = RawServer.Answering(_ => RawServer.Reply("200 OK", attack, "Content-Type: text/html"));
        var responses = new ConcurrentQueue<string>();
        var page = await NewPage();
        page.Response += (_, response) =>
        {
            if (response.Url.StartsWith(Address.AbsoluteUri, StringComparison.Ordinal))
                responses.Enqueue($"{response.Request.Method} {new Uri(response.Url).AbsolutePath} {response.Status}");
        };
        await page.GotoAsync($"http://{host}:{other.Port}/");
        await Expect(page.Locator("p")).ToHaveTextAsync("read: ");

        // The attempts arrived, all those that need no permission, and were refused.
        Assert.Equal([], responses.Where(response => !response.EndsWith(" 403", StringComparison.Ordinal)));
        string[] arrived = ["POST /app/profile 403", "POST /app/removals 403", "POST /app/imports 403", "POST /app/faults 403", "POST /engage 403", "GET / 403"];
        Assert.Subset(responses.ToHashSet(), arrived.ToHashSet());
        Assert.Equal("""{"n":1}""", Properties("a"));

        // From the page itself, the same edit is one.
        Assert.Equal(200, await Page.EvaluateAsync<int>(
            """
            async body => (await fetch('/app/profile', { method: 'POST', body, headers: {
              'Content-Type': 'application/json', 'X-Profiles-Session': document.querySelector('meta[name=session]').content } })).status
            """,
            Edit));
        Assert.Equal("""{"n":2}""", Properties("a"));
    }
}
