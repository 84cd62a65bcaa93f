using Microsoft.Playwright;

namespace ProfilesModule.Tests.Page;

/// <summary>The Chromium that is installed, started once for all tests of the page. Without it they are skipped.</summary>
public sealed class PageBrowser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The browser; skips the test if there is none.</summary>
    public IBrowser Browser
    {
        get
        {
            Skip.If(_browser is null, "Chromium is not installed: apt-get install chromium.");
            return _browser!;
        }
    }

    public async Task InitializeAsync()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => new[] { "chromium", "chromium-browser" }.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        if (path is null)
            return;
        Assertions.SetDefaultExpectTimeout(15_000);
        _playwright = await Playwright.CreateAsync();

        // Its sandbox does not work as root. It opens nothing but the page under test.
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class PageTestGroup : ICollectionFixture<PageBrowser>
{
    public const string Name = "The Users page";
}
