using Microsoft.Playwright;

namespace ProfilesModule.Tests.Page;

public sealed class RequestsTests(PageBrowser browser) : PageTest(browser)
{
    [SkippableFact]
    public async Task Requests_show_what_was_sent_and_answered_and_which_fault_hit_them()
    {
        await Open(
            "Set-UserProfile u1 -Property @{ plan = 'pro' } -RetryIntervalSec 0; $null = Get-UserProfile",
            "#/requests",
            "-Fault @{ Status = 429; First = 1; RetryAfter = 0 }");
        var rows = Page.Locator("tbody tr");
        await Expect(rows).ToHaveCountAsync(3);
        await Expect(rows.Nth(2)).ToContainTextAsync("429");
        await Expect(rows.Nth(2).Locator("td").Last).ToHaveTextAsync("Status");
        await Expect(rows.Nth(1).Locator("td").Last).ToHaveTextAsync("");
        await rows.Nth(1).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(rows.Nth(1).GetByLabel("Body")).ToContainTextAsync("\"plan\": \"pro\"");
        await Expect(rows.Nth(1).GetByLabel("Reply")).ToContainTextAsync("\"status\": \"OK\"");

        Session.Run("Set-UserProfile u2 -Property @{ plan = 'free' }").Succeeded();
        await Expect(rows).ToHaveCountAsync(4);
        await Button("Clear").ClickAsync();
        await Expect(rows).ToHaveCountAsync(0);
        Assert.Empty(Problems);
    }

    [SkippableFact]
    public async Task Faults_are_switched_on_and_off()
    {
        await Open("", "#/requests");
        await Expect(Page.GetByText("The service plays no faults.")).ToBeVisibleAsync();
        await Page.GetByText("Add a fault").First.ClickAsync();
        await Page.GetByLabel("Kind").SelectOptionAsync("StatusZero");
        await Button("Add a fault").ClickAsync();
        var fault = Page.GetByLabel("StatusZero, for updates, every request", new() { Exact = true });
        await Expect(fault).ToBeCheckedAsync();
        Assert.Single(Session.Run("Set-UserProfile u1 -Property @{ a = 1 } -MaximumRetryCount 0").Errors);

        await fault.UncheckAsync();
        await Expect(Page.GetByRole(AriaRole.Status).Last).ToContainTextAsync("The faults were changed.");
        await Expect(fault).Not.ToBeCheckedAsync();
        Session.Run("Set-UserProfile u1 -Property @{ a = 1 }").Succeeded();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Remove the fault" }).ClickAsync();
        await Expect(Page.GetByText("The service plays no faults.")).ToBeVisibleAsync();
    }
}
