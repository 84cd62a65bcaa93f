using Microsoft.Playwright;

namespace ProfilesModule.Tests.Page;

/// <summary>Who can use the import, what hostile files do to it, and what stays of a file.</summary>
public sealed class ImportAccessTests(PageBrowser browser) : ImportTest(browser)
{
    private const string Markup = "<script>document.title='taken'</script><img src=x onerror=document.title='taken'>";

    private const string Users = "distinct_id,plan,age,note\nu1,pro,31,x\nu2,free,42,\nu3,free,old,y\n";

    [SkippableFact]
    public async Task No_step_breaks_a_rule_of_axe_in_light_or_dark_on_a_phone_or_a_wide_screen()
    {
        await Open("Set-UserProfile u1 -Property @{ age = 30 }", View);
        await Expect(Heading).ToBeFocusedAsync();
        await IsAccessible("the file");
        await Choose("none.csv", "a,b\n1,2\n");
        await Expect(Page.GetByText("no column with a recognized name")).ToBeVisibleAsync();
        await IsAccessible("a file without an identifier");
        await Button("Back").ClickAsync();
        await Choose("users.csv", Users + string.Concat(Enumerable.Range(4, 2000).Select(i => $"u{i},team,{i % 60},\n")));
        await Page.GetByLabel("Type: age").SelectOptionAsync("Number");
        await Expect(Page.GetByText("2,002 rows can be imported; 1 will be rejected.")).ToBeVisibleAsync();
        await Expect(Heading).ToHaveTextAsync("Columns of users.csv");
        await Expect(Column("age").GetByRole(AriaRole.Img)).ToBeVisibleAsync();
        await IsAccessible("the columns");
        await GoOn();
        await Expect(Heading).ToBeFocusedAsync();
        await IsAccessible("what will change");
        await Run();
        await Expect(Heading).ToBeFocusedAsync();
        await IsAccessible("the end");
        Assert.Empty(Problems);
    }

    [SkippableFact]
    public async Task The_keyboard_alone_imports_a_file()
    {
        await Open();
        await TabTo("a[href='#/import']");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Heading).ToBeFocusedAsync();

        // The request to report the dialog and a key take different ways to the page. TabTo waits for answers on the way of the request, so
        // that the key cannot overtake it.
        var choosing = Page.WaitForFileChooserAsync();
        await TabTo("input[type=file]");
        await Page.Keyboard.PressAsync("Space");
        var chooser = await choosing;
        await File.WriteAllTextAsync(Folder.File("users.csv"), Users);
        await chooser.SetFilesAsync(Folder.File("users.csv"));
        await Expect(Heading).ToHaveTextAsync("Columns of users.csv");
        await Expect(Heading).ToBeFocusedAsync();

        await TabTo("[aria-label='Type: plan']");
        await Page.Keyboard.PressAsync("ArrowDown");
        await Expect(Page.GetByText("0 rows can be imported; 3 will be rejected.")).ToBeVisibleAsync();
        await Page.Keyboard.PressAsync("ArrowUp");
        await Expect(Page.GetByText("3 rows can be imported; 0 will be rejected.")).ToBeVisibleAsync();
        await TabTo("[aria-label='Import: note']");
        await Page.Keyboard.PressAsync("Space");
        await Expect(Page.GetByLabel("Property: note")).ToBeDisabledAsync();
        await Expect(Button("Show what will change")).ToBeEnabledAsync();
        await TabTo("button.primary");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Heading).ToHaveTextAsync("What will change");
        await Expect(Heading).ToBeFocusedAsync();
        await TabTo("button.primary");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Heading).ToHaveTextAsync("The import is finished");
        await Expect(Heading).ToBeFocusedAsync();
        Assert.Equal("""{"plan":"pro","age":"31"}""", Properties("u1"));
    }

    [SkippableFact]
    public async Task A_file_of_scripts_is_shown_as_text()
    {
        await Open(view: View);
        await Choose("users.csv", $"distinct_id,\"{Markup}\"\n\"{Markup}\",\"{Markup}\"\nu2,\n");
        await Expect(Page.Locator(".preview")).ToContainTextAsync(Markup);
        await GoOn();
        await Expect(Page.Locator(".samples")).ToContainTextAsync(Markup);
        await Run();
        Assert.Equal("Users", await Page.TitleAsync());
        Assert.Equal(0, await Page.Locator("main script, main img, main [onerror]").CountAsync());
        Assert.Empty(Problems);
    }

    [SkippableFact]
    public async Task A_first_check_that_fails_says_why()
    {
        await Open(view: View);
        await Page.RouteAsync("**/app/imports/check", route => route.FulfillAsync(new() { Status = 422, Body = """{"error":"It cannot be checked."}""" }));
        await Choose("users.csv", Users);
        await Expect(Page.GetByText("It cannot be checked.")).ToBeVisibleAsync();
        await Expect(Button("Show what will change")).ToBeDisabledAsync();
    }

    [SkippableFact]
    public async Task A_file_is_private_and_gone_when_the_server_stops()
    {
        var before = Directory.GetDirectories(Path.GetTempPath(), "profiles-import-*");
        await Open(view: View);
        await Choose("users.csv", Users);
        var folder = Directory.GetDirectories(Path.GetTempPath(), "profiles-import-*").Except(before).Select(Path.GetFullPath).Single(folder => Directory.GetFiles(folder).Any(file => File.ReadAllText(file) == Users));
        var copy = Assert.Single(Directory.GetFiles(folder));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }

        Session.Run("Stop-UserProfileServer").Succeeded();
        Assert.False(Directory.Exists(folder));
    }
}
