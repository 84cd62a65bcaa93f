using Microsoft.Playwright;

namespace ProfilesModule.Tests.Page;

public sealed class TableTests(PageBrowser browser) : PageTest(browser)
{
    private const string Users = """
        [pscustomobject]@{ distinct_id = 'u1'; '$name' = 'Zoë Álvarez'; '$email' = 'zoe@example.com'; plan = 'pro'; seats = 12 },
        [pscustomobject]@{ distinct_id = 'u2'; '$name' = 'adam Brown'; '$email' = 'adam@example.org'; plan = 'free'; seats = 3 },
        [pscustomobject]@{ distinct_id = 'u3'; '$email' = 'carol@example.org'; plan = 'pro'; seats = 100 } | Set-UserProfile -EmptyCell Skip
        """;

    private const string Many = "1..120 | ForEach-Object { [pscustomobject]@{ distinct_id = \"u$_\"; '$name' = \"User $_\"; plan = ($_ % 2 ? 'pro' : 'free') } } | Set-UserProfile";

    private ILocator Rows => Page.Locator("tbody tr");

    private ILocator Range => Page.Locator(".range");

    [SkippableFact]
    public async Task Searching_finds_names_addresses_and_ids_in_any_case()
    {
        await Open(Users);
        await Expect(Range).ToHaveTextAsync("1–3 of 3 profiles");
        foreach (var (text, ids) in new[] { ("ZOË", "u1"), ("álv", "u1"), ("example.ORG", "u2,u3"), ("U3", "u3"), ("%", "") })
        {
            await Page.GetByLabel("Search").FillAsync(text);
            await Expect(Page.Locator("td.id")).ToHaveTextAsync(ids.Split(',', StringSplitOptions.RemoveEmptyEntries));
        }

        await Expect(Rows).ToHaveTextAsync(["No profile matches."]);
        await Expect(Range).ToHaveTextAsync("0 profiles");
        Assert.Empty(Problems);
    }

    [SkippableFact]
    public async Task A_condition_selects_and_one_that_cannot_be_read_is_marked()
    {
        await Open(Users);
        var where = Page.GetByLabel("Condition");
        await where.FillAsync("""properties["plan"] == "pro" and properties["seats"] > 20""");
        await where.PressAsync("Enter");
        await Expect(Page.Locator("td.id")).ToHaveTextAsync(["u3"]);

        await where.FillAsync("""properties["plan"] = "pro" """);
        await where.PressAsync("Enter");
        await Expect(Page.Locator("mark")).ToHaveTextAsync("=");
        await Expect(Page.Locator("form .error").Filter(new() { HasText = "at position 19" })).ToBeVisibleAsync();
        await Expect(where).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(Page.Locator("td.id")).ToHaveCountAsync(0);
        Assert.Equal(19, await where.EvaluateAsync<int>("input => input.selectionStart"));

        await where.FillAsync("");
        await where.PressAsync("Enter");
        await Expect(Range).ToHaveTextAsync("1–3 of 3 profiles");
        await Expect(Page.Locator("mark")).ToHaveCountAsync(0);
    }

    [SkippableFact]
    public async Task A_condition_that_fails_at_a_profile_is_reported_too()
    {
        await Open(Users, """#/?where=properties["plan"] and true""");
        await Expect(Page.Locator("form .error").Filter(new() { HasText = "expected true or false on both sides of and" })).ToBeVisibleAsync();
    }

    [SkippableFact]
    public async Task Columns_sort_and_profiles_without_a_value_come_last()
    {
        await Open(Users);
        await Button("Name").ClickAsync();
        await Expect(Page.Locator("td.id")).ToHaveTextAsync(["u2", "u1", "u3"]);
        await Expect(Page.GetByRole(AriaRole.Columnheader, new() { Name = "Name" })).ToHaveAttributeAsync("aria-sort", "ascending");
        await Button("Name").ClickAsync();
        await Expect(Page.Locator("td.id")).ToHaveTextAsync(["u1", "u2", "u3"]);
        await Button("Name").ClickAsync();
        await Expect(Page.Locator("th[aria-sort]")).ToHaveCountAsync(0);

        await Page.GetByText("Columns").ClickAsync();
        await Page.GetByLabel("seats").CheckAsync();
        await Button("seats").ClickAsync();
        await Expect(Page.Locator("td.number")).ToHaveTextAsync(["3", "12", "100"]);
        await Page.ReloadAsync();
        await Expect(Page.Locator("td.number")).ToHaveTextAsync(["3", "12", "100"]);
    }

    [SkippableFact]
    public async Task Pages_are_loaded_one_at_a_time_and_the_address_keeps_the_place()
    {
        await Open(Many);
        await Expect(Range).ToHaveTextAsync("1–50 of 120 profiles");
        await Expect(Rows).ToHaveCountAsync(50);
        await Button("Next page").ClickAsync();
        await Button("Next page").ClickAsync();
        await Expect(Range).ToHaveTextAsync("101–120 of 120 profiles");
        await Expect(Button("Next page")).ToBeDisabledAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "u105", Exact = true }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "User 105" })).ToBeVisibleAsync();
        await Page.GoBackAsync();
        await Expect(Range).ToHaveTextAsync("101–120 of 120 profiles");
    }

    [SkippableFact]
    public async Task All_that_match_are_deleted_after_a_question_and_the_backup_restores_them()
    {
        await Open(Many);
        await Page.GetByLabel("Condition").FillAsync("""properties["plan"] == "pro" """);
        await Page.GetByLabel("Condition").PressAsync("Enter");
        await Expect(Range).ToHaveTextAsync("1–50 of 60 profiles");
        await Page.GetByLabel("Select all profiles on this page").CheckAsync();
        await Button("Select all 60 that match").ClickAsync();
        await Button("Delete…").ClickAsync();

        // What comes to match meanwhile is not deleted.
        Session.Run("Set-UserProfile late -Property @{ plan = 'pro' }").Succeeded();
        var delete = Button("Delete 60 profiles");
        await Expect(delete).ToBeDisabledAsync();
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByText("Download a backup first").ClickAsync());
        var backup = Folder.File(download.SuggestedFilename);
        await download.SaveAsAsync(backup);
        await delete.ClickAsync();
        await Expect(Range).ToHaveTextAsync("1–1 of 1 profile");
        Assert.Equal(61L, Session.Run("(Get-UserProfileServer).ProfileCount").Succeeded().Output[^1].BaseObject);

        Session.Run("Import-UserProfileJson $backup", new { backup }).Succeeded();
        Assert.Equal("""{"$name":"User 119","plan":"pro"}""", Properties("u119"));
        Assert.Equal(121L, Session.Run("(Get-UserProfileServer).ProfileCount").Succeeded().Output[^1].BaseObject);
        Assert.Empty(Problems);
    }

    [SkippableFact]
    public async Task Some_are_deleted_without_a_backup_only_on_purpose()
    {
        await Open(Users);
        await Page.GetByLabel("Select u1").CheckAsync();
        await Page.GetByLabel("Select u3").CheckAsync();
        await Button("Delete…").ClickAsync();
        await Expect(Button("Delete 2 profiles")).ToBeDisabledAsync();
        await Button("Cancel").ClickAsync();
        await Button("Delete…").ClickAsync();
        await Page.GetByLabel("Delete without a backup").CheckAsync();
        await Button("Delete 2 profiles").ClickAsync();
        await Expect(Page.Locator("td.id")).ToHaveTextAsync(["u2"]);
        Assert.Equal(1L, Session.Run("(Get-UserProfileServer).ProfileCount").Succeeded().Output[^1].BaseObject);
    }

    [SkippableFact]
    public async Task A_file_of_profiles_shows_the_same()
    {
        await Open(Users, server: $"'{Folder.File("users.db")}'");
        await Page.GetByLabel("Search").FillAsync("ÁLV");
        await Expect(Page.Locator("td.id")).ToHaveTextAsync(["u1"]);
        await Page.GetByLabel("Search").FillAsync("");
        await Button("E-mail").ClickAsync();
        await Expect(Page.Locator("td.id")).ToHaveTextAsync(["u2", "u3", "u1"]);
    }

    [SkippableFact]
    public async Task A_server_that_stops_is_reported_and_the_page_comes_back_with_it()
    {
        await Open(Users);
        await Expect(Range).ToHaveTextAsync("1–3 of 3 profiles");
        Session.Run("Stop-UserProfileServer").Succeeded();
        await Button("Name").ClickAsync();
        await Expect(Page.GetByText("The server does not answer.")).ToBeVisibleAsync();
        Session.Run("Start-UserProfileServer -Port $port; Set-UserProfile back -Property @{ a = 1 }", new { port = Address.Port }).Succeeded();
        await Expect(Page.Locator("td.id")).ToHaveTextAsync(["back"]);
        await Expect(Page.GetByText("The server does not answer.")).Not.ToBeVisibleAsync();
    }
}
