using Deque.AxeCore.Playwright;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;

namespace ProfilesModule.Tests.Page;

/// <summary>Who can use the page, and what hostile or large profiles do to it.</summary>
public sealed class AccessTests(PageBrowser browser) : PageTest(browser)
{
    private const string Script = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">\"'`{{session}}";

    private const string Users = """
        Set-UserProfile u1 -Property @{ '$name' = 'Zoë'; '$email' = 'zoe@example.com'; list = 1, @{ a = 'b' }; plan = 'pro' }
        Set-UserProfile u2 -Property @{ plan = 'free'; '$other' = $true }
        """;

    [SkippableTheory]
    [InlineData("")]
    [InlineData("#/?where=properties[")]
    [InlineData("#/?text=nothing")]
    [InlineData("#/profile/u1")]
    [InlineData("#/profile/none")]
    [InlineData("#/new")]
    [InlineData("#/requests")]
    public async Task No_view_breaks_a_rule_of_axe_in_light_or_dark_on_a_phone_or_a_wide_screen(string view)
    {
        await Open(Users, view);
        await IsAccessible(view, async () =>
        {
            await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await OpenAll();
        });
    }

    [SkippableFact]
    public async Task Editors_and_questions_break_no_rule_of_axe()
    {
        await Open(Users, "#/profile/u1");
        await Button("Edit plan").ClickAsync();
        await Button("Add property").ClickAsync();
        Assert.Empty((await Page.RunAxe()).Violations.Select(violation => violation.Help));
        await Button("Delete profile…").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        Assert.Empty((await Page.RunAxe()).Violations.Select(violation => violation.Help));
    }

    [SkippableFact]
    public async Task The_keyboard_alone_finds_edits_and_deletes_a_profile()
    {
        await Open(Users);
        await Expect(Page.Locator(".range")).ToHaveTextAsync("1–2 of 2 profiles");
        await TabTo("input[type=search]");
        await Page.Keyboard.TypeAsync("zoe@");
        await Expect(Page.Locator("td.id")).ToHaveTextAsync(["u1"]);
        await TabTo("tbody a");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Zoë" })).ToBeFocusedAsync();
        await TabTo("[aria-label='Edit plan']");
        await Page.Keyboard.PressAsync("Enter");
        await Page.Keyboard.PressAsync("ControlOrMeta+A");
        await Page.Keyboard.TypeAsync("team");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("[aria-label='Edit plan']")).ToBeFocusedAsync();
        Assert.Contains("\"plan\":\"team\"", Properties("u1"), StringComparison.Ordinal);

        await Page.Keyboard.PressAsync("Enter");
        await Page.Keyboard.PressAsync("Escape");
        await Expect(Page.Locator("[aria-label='Edit plan']")).ToBeFocusedAsync();
        await TabTo(".danger >> text=Delete profile…", "Shift+Tab");
        await Page.Keyboard.PressAsync("Enter");
        await TabTo("dialog input");
        await Page.Keyboard.PressAsync("Space");
        await TabTo("dialog .danger");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Page.Locator("td.id")).ToHaveTextAsync(["u2"]);
    }

    [SkippableFact]
    public async Task A_profile_that_is_a_script_is_shown_as_text_everywhere()
    {
        await Open(
            """
            $value = @{ $markup = $markup; list = @($markup, @{ $markup = $markup }) }
            Set-UserProfile $markup -Property @{ '$name' = $markup; '$email' = $markup; '$avatar' = "javascript:$markup"; $markup = $markup; object = $value }
            """,
            variables: new { markup = Script });
        await Page.GetByText("Columns").ClickAsync();
        await Page.GetByLabel(Script, new() { Exact = true }).CheckAsync();
        await Expect(Page.Locator("tbody th")).ToContainTextAsync(Script);
        await Page.Locator("td.id a").ClickAsync();
        await OpenAll();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(Script);
        await Page.Locator("tr[data-name=object]").GetByRole(AriaRole.Button, new() { Name = "Edit" }).ClickAsync();
        await Page.GotoAsync(new Uri(Address, "#/requests").AbsoluteUri);
        await Page.Locator("tbody button").First.ClickAsync();
        await Expect(Page.Locator("pre").First).ToBeVisibleAsync();
        await Page.GotoAsync(new Uri(Address, $"#/profile/{Uri.EscapeDataString(Script + "2")}").AbsoluteUri);
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync(Script);

        Assert.Equal("Users", await Page.TitleAsync());
        Assert.Equal(0, await Page.Locator("main script, main img, main [onerror]").CountAsync());
        Assert.DoesNotContain(Problems, problem => !problem.Contains("404", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Two_thousand_properties_stay_usable()
    {
        await Open("$many = [ordered]@{}; 1..1999 | ForEach-Object { $many[\"p$_\"] = 'x' * 200 }; Set-UserProfile u1 -Property $many", "#/profile/u1");
        await Page.GetByLabel("Find a property").FillAsync("p1998");
        await Expect(Page.Locator("tr[data-name]:visible")).ToHaveCountAsync(1);
        await Button("Edit p1998").ClickAsync();
        await Page.GetByLabel("Value", new() { Exact = true }).FillAsync("y");
        await Button("Save").ClickAsync();
        await Expect(Page.Locator("tr[data-name=p1998] td.value")).ToHaveTextAsync("y");
    }

    [SkippableFact]
    public async Task A_value_of_ten_megabytes_is_shown_in_part_and_downloaded_whole()
    {
        // The service itself would not take it.
        var path = Folder.File("users.db");
        Session.Run("$null = Start-UserProfileServer $path; Set-UserProfile u1 -Property @{ big = 'x'; small = 'y' }; Stop-UserProfileServer", new { path }).Succeeded();
        using (var file = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            file.Open();
            using var command = file.CreateCommand();
            command.CommandText = "UPDATE profile SET properties = json_set(properties, '$.big', printf('%.10000000c', 'x'))";
            command.ExecuteNonQuery();
        }

        await Open(server: $"'{path}'");
        await Page.Locator("td.id a").ClickAsync();
        var big = Page.Locator("tr[data-name=big]");
        await Expect(big.Locator("td.value")).ToContainTextAsync("x…");
        var download = await Page.RunAndWaitForDownloadAsync(() => big.GetByText("Download the whole value").ClickAsync());
        await download.SaveAsAsync(Folder.File("value.json"));
        Assert.Equal(10_000_002, new FileInfo(Folder.File("value.json")).Length);
        await Button("Edit small").ClickAsync();
        await Page.GetByLabel("Value", new() { Exact = true }).FillAsync("z");
        await Button("Save").ClickAsync();
        await Expect(Page.Locator("tr[data-name=small] td.value")).ToHaveTextAsync("z");
    }

    private async Task OpenAll() => await Page.EvaluateAsync("document.querySelectorAll('details').forEach(item => { item.open = true; })");
}
