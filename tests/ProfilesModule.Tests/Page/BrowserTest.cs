using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Page;

/// <summary>A session, and a browser with a page.</summary>
[Collection(PageTestGroup.Name)]
public abstract class BrowserTest(PageBrowser browser) : IAsyncLifetime
{
    private IBrowserContext? _context;

    private protected ModuleSession Session { get; } = new();

    private protected TemporaryFolder Folder { get; } = new();

    /// <summary>What the console of the browser reported as an error, and scripts that failed.</summary>
    private protected List<string> Problems { get; } = [];

    private protected IPage Page { get; private set; } = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_context is not null)
            await _context.DisposeAsync();
        Session.Dispose();
        Folder.Dispose();
    }

    /// <summary>Starts with an empty page; skips the test if there is no browser, so it comes first.</summary>
    private protected async Task StartBrowser()
    {
        _context = await browser.Browser.NewContextAsync(new() { AcceptDownloads = true });
        Page = await NewPage();
    }

    private protected async Task<IPage> NewPage()
    {
        var page = await _context!.NewPageAsync();
        page.SetDefaultTimeout(15_000);
        page.PageError += (_, error) => Problems.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                Problems.Add(message.Text);
        };
        return page;
    }

    /// <summary>Breaks no rule of axe, and is no wider than the window, in light on a phone and in dark on a wide screen.</summary>
    /// <param name="what">What the page shows.</param>
    /// <param name="prepare">What is done once the window has its size; null for nothing.</param>
    private protected async Task IsAccessible(string what, Func<Task>? prepare = null)
    {
        foreach (var (scheme, width) in new[] { (ColorScheme.Light, 360), (ColorScheme.Dark, 1600) })
        {
            await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await Page.SetViewportSizeAsync(width, 800);
            if (prepare is not null)
                await prepare();
            var result = await Page.RunAxe();
            Assert.Empty(result.Violations.Select(v => $"{what} {scheme} {v.Id}: {v.Help}: {string.Join(", ", v.Nodes.Select(node => node.Html))}"));
            Assert.True(await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{what} is wider than {width} pixels.");
        }
    }

    private protected static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
