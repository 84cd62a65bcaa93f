using Microsoft.Playwright;

namespace ProfilesModule.Tests.Page;

/// <summary>Tests that go through the steps of an import.</summary>
public abstract class ImportTest(PageBrowser browser) : PageTest(browser)
{
    private protected const string View = "#/import";

    private protected ILocator Heading => Page.Locator("#step");

    /// <summary>Gives the page a file, and waits until it shows its columns.</summary>
    private protected async Task Choose(string name, string text) => await Choose(name, System.Text.Encoding.UTF8.GetBytes(text));

    private protected async Task Choose(string name, byte[] content)
    {
        await File.WriteAllBytesAsync(Folder.File(name), content);
        await Page.GetByLabel("CSV file").SetInputFilesAsync(Folder.File(name));
        await Expect(Heading).ToHaveTextAsync($"Columns of {name}");
    }

    /// <summary>Waits until every row was checked, and goes on to what will change.</summary>
    private protected async Task GoOn()
    {
        await Button("Show what will change").ClickAsync();
        await Expect(Heading).ToHaveTextAsync("What will change");
    }

    /// <summary>Imports what will change.</summary>
    private protected async Task Run(string end = "The import is finished")
    {
        await Page.Locator("button.primary").ClickAsync();
        await Expect(Heading).ToHaveTextAsync(end);
    }

    /// <summary>The row of the table of columns that is about a column.</summary>
    private protected ILocator Column(string name) =>
        Page.Locator(".columns-of-file tbody tr").Filter(new() { Has = Page.GetByRole(AriaRole.Rowheader, new() { Name = name, Exact = true }) });

    /// <summary>A number of the account, or of what will change.</summary>
    private protected ILocator Count(string name) => Page.Locator($".counts .{name} dd");

    /// <summary>Clicks a link that downloads a file, which is saved.</summary>
    private protected async Task<string> Download(string link)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync());
        await download.SaveAsAsync(Folder.File(download.SuggestedFilename));
        return Folder.File(download.SuggestedFilename);
    }

    /// <summary>Runs a script, and returns what it writes as one text.</summary>
    private protected string Script(string script, object? variables = null) =>
        string.Join('\n', Session.Run(script, variables).Succeeded().Output.Select(item => item.ToString()));
}
