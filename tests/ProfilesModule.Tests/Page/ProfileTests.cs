using Microsoft.Playwright;

namespace ProfilesModule.Tests.Page;

public sealed class ProfileTests(PageBrowser browser) : PageTest(browser)
{
    private const string Typed = """
        Set-UserProfile u1 -Property ([ordered]@{
            '$name' = 'Zoë'; text = 'a'; number = [decimal]12345678901234567890; boolean = $true; date = [datetime]'2026-01-31'
            list = 'a', 2; object = @{ deep = @{ deeper = 'x' } }; gone = 1
        })
        """;

    private ILocator Row(string name) => Page.Locator($"tr[data-name='{name}']");

    [SkippableFact]
    public async Task Values_of_every_type_are_edited_and_keep_it()
    {
        await Open(Typed, "#/profile/u1");
        var before = Session.Run("(Get-UserProfile u1).UpdatedAt").Succeeded().Output[^1].BaseObject;
        foreach (var (name, type, value) in new[]
        {
            ("text", "Text", "b <b>c</b>"), ("number", "Number", "98765432109876543210"), ("boolean", "Boolean", "false"),
            ("date", "Date", "2026-02-28T12:30:00"), ("list", "List", "[1,\"b\",98765432109876543210]"), ("object", "Object", "{\"deep\":{}}"),
        })
        {
            await Row(name).GetByRole(AriaRole.Button, new() { Name = $"Edit {name}" }).ClickAsync();
            await Expect(Row(name).GetByLabel("Type")).ToHaveValueAsync(type.ToLowerInvariant());
            if (type == "Boolean")
                await Row(name).GetByLabel("Value").SelectOptionAsync(value);
            else
                await Row(name).GetByLabel("Value").FillAsync(value);
            await Row(name).GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
            await Expect(Row(name).Locator("td").First).ToHaveTextAsync(type);
        }

        Assert.Equal(
            """{"$name":"Zoë","text":"b <b>c</b>","number":98765432109876543210,"boolean":false,"date":"2026-02-28T12:30:00","list":[1,"b",98765432109876543210],"object":{"deep":{}},"gone":1}""",
            Properties("u1"));
        Assert.Equal(before, Session.Run("(Get-UserProfile u1).UpdatedAt").Succeeded().Output[^1].BaseObject);
        Assert.Empty(Problems);
    }

    [SkippableFact]
    public async Task A_type_changes_only_on_purpose_and_a_value_that_does_not_fit_is_not_sent()
    {
        await Open("Set-UserProfile u1 -Property @{ zip = '01234' }", "#/profile/u1");
        await Row("zip").GetByRole(AriaRole.Button, new() { Name = "Edit zip" }).ClickAsync();
        await Row("zip").GetByLabel("Type").SelectOptionAsync("number");
        await Expect(Row("zip").GetByLabel("Value")).ToHaveValueAsync("01234");
        await Row("zip").GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(Row("zip").GetByText("This is not a number.")).ToBeVisibleAsync();
        await Row("zip").GetByLabel("Value").FillAsync("1234");
        await Page.Keyboard.PressAsync("Enter");
        await Expect(Row("zip").Locator("td").First).ToHaveTextAsync("Number");
        Assert.Equal("""{"zip":1234}""", Properties("u1"));
    }

    [SkippableFact]
    public async Task Properties_are_added_and_removed()
    {
        await Open(Typed, "#/profile/u1");
        await Button("Add property").ClickAsync();
        await Page.GetByLabel("Property", new() { Exact = true }).FillAsync("text");
        await Button("Save").ClickAsync();
        await Expect(Page.GetByText("already has a property text")).ToBeVisibleAsync();
        await Page.GetByLabel("Property", new() { Exact = true }).FillAsync("$city");
        await Expect(Page.GetByText("The user's city")).ToBeVisibleAsync();
        await Page.GetByLabel("Value", new() { Exact = true }).FillAsync("Bern");
        await Button("Save").ClickAsync();
        await Expect(Row("$city")).ToContainTextAsync("Bern");

        await Row("gone").GetByRole(AriaRole.Button, new() { Name = "Remove gone" }).ClickAsync();
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(Row("gone")).ToHaveCountAsync(0);
        Assert.Contains("\"$city\":\"Bern\"", Properties("u1"), StringComparison.Ordinal);
        Assert.DoesNotContain("gone", Properties("u1"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_profile_is_added_with_its_identifier_first()
    {
        await Open("Set-UserProfile taken -Property @{ a = 1 }", "#/new");
        var id = Page.GetByLabel("Distinct ID");
        await Expect(id).ToBeFocusedAsync();
        await Button("Add profile").ClickAsync();
        await Expect(Page.GetByText("The profile needs an identifier.")).ToBeVisibleAsync();
        await id.FillAsync("taken");
        await Page.GetByLabel("Value", new() { Exact = true }).FillAsync("Ann");
        await Button("Add profile").ClickAsync();
        await Expect(Page.GetByText("There is already a profile with this identifier.")).ToBeVisibleAsync();
        await id.FillAsync("u/ö?&#1");
        await Button("Add profile").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Ann" })).ToBeVisibleAsync();
        Assert.Equal("""{"$name":"Ann"}""", Properties("u/ö?&#1"));
        Assert.Equal("""{"a":1}""", Properties("taken"));
    }

    [SkippableFact]
    public async Task What_another_page_changed_is_not_overwritten()
    {
        await Open("Set-UserProfile u1 -Property @{ plan = 'free' }", "#/profile/u1");
        await Row("plan").GetByRole(AriaRole.Button, new() { Name = "Edit plan" }).ClickAsync();
        var other = await NewPage();
        await other.GotoAsync(Page.Url);
        await other.GetByRole(AriaRole.Button, new() { Name = "Edit plan" }).ClickAsync();
        await other.GetByLabel("Value", new() { Exact = true }).FillAsync("pro");
        await other.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(other.Locator("tr[data-name=plan] td.value")).ToHaveTextAsync("pro");

        await Row("plan").GetByLabel("Value").FillAsync("trial");
        await Row("plan").GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(Row("plan").GetByText("was changed elsewhere")).ToBeVisibleAsync();
        Assert.Equal("""{"plan":"pro"}""", Properties("u1"));
    }

    [SkippableFact]
    public async Task A_profile_is_deleted()
    {
        await Open(Typed, "#/profile/u1");
        await Button("Delete profile…").ClickAsync();
        await Page.GetByLabel("Delete without a backup").CheckAsync();
        await Button("Delete 1 profile").ClickAsync();
        await Expect(Page.GetByText("There are no profiles yet.")).ToBeVisibleAsync();
        Assert.Equal(0L, Session.Run("(Get-UserProfileServer).ProfileCount").Succeeded().Output[^1].BaseObject);
    }
}
