using Microsoft.Playwright;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Page;

/// <summary>A session with a server, and a browser that has its page open.</summary>
[Collection(PageTestGroup.Name)]
public abstract class PageTest(PageBrowser browser) : IAsyncLifetime
{
    private IBrowserContext? _context;

    private protected ModuleSession Session { get; } = new();

    private protected TemporaryFolder Folder { get; } = new();

    /// <summary>What the console of the browser reported as an error, and scripts that failed.</summary>
    private protected List<string> Problems { get; } = [];

    private protected Uri Address { get; private set; } = null!;

    private protected IPage Page { get; private set; } = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_context is not null)
            await _context.DisposeAsync();
        Session.Dispose();
        Folder.Dispose();
    }

    /// <summary>Starts the server, runs a script that fills it, and opens the page at a view.</summary>
    private protected async Task Open(string setup = "", string view = "", string server = "", object? variables = null)
    {
        // First, so that a test that is skipped starts no server.
        _context = await browser.Browser.NewContextAsync(new() { AcceptDownloads = true });
        Address = (Uri)Session.Run($"$server = Start-UserProfileServer {server}; {setup}; Show-UserProfile -PassThru", variables).Succeeded().Output[^1].BaseObject;
        Page = await NewPage();
        await Page.GotoAsync(new Uri(Address, view).AbsoluteUri);
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

    /// <summary>The properties of a profile, read with Get-UserProfile, as JSON.</summary>
    private protected string Properties(string id) =>
        (string)Session.Run("(Get-UserProfile $id).Properties | ConvertTo-Json -Depth 9 -Compress", new { id }).Succeeded().Output[^1].BaseObject;

    /// <summary>Presses Tab until an element has the focus.</summary>
    private protected async Task TabTo(string selector, string key = "Tab")
    {
        var target = Page.Locator(selector).First;
        for (var i = 0; i < 60; i++)
        {
            if (await target.EvaluateAsync<bool>("element => element === document.activeElement"))
                return;
            await Page.Keyboard.PressAsync(key);
        }

        Assert.Fail($"{selector} cannot be reached with {key}.");
    }

    private protected static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    private protected ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
