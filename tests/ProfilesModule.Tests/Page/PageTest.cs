using Microsoft.Playwright;

namespace ProfilesModule.Tests.Page;

/// <summary>A session with a server, and a browser that has its page open.</summary>
public abstract class PageTest(PageBrowser browser) : BrowserTest(browser)
{
    private protected Uri Address { get; set; } = null!;

    /// <summary>Starts the server, runs a script that fills it, and opens the page at a view.</summary>
    private protected async Task Open(string setup = "", string view = "", string server = "", object? variables = null)
    {
        // First, so that a test that is skipped starts no server.
        await StartBrowser();
        Address = (Uri)Session.Run($"$server = Start-UserProfileServer {server}; {setup}; Show-UserProfile -PassThru", variables).Succeeded().Output[^1].BaseObject;
        await Page.GotoAsync(new Uri(Address, view).AbsoluteUri);
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

    private protected ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
