using System.Net;
using System.Text;
using Microsoft.Playwright;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Page;

/// <summary>The page of a project of another service: one that another session runs, with the limits of the real one.</summary>
public sealed class ProjectTests(PageBrowser browser) : ImportTest(browser), IDisposable
{
    // One request after the other, so that the profiles are in this order.
    private const string Setup = """
        $account = [pscredential]::new('robot', (ConvertTo-SecureString 'secret' -AsPlainText -Force))
        $limit = @{ Kind = 'Status'; Status = 429; MaxRequests = 60; Window = 3600; Endpoint = 'Query' }
        $server = Start-UserProfileServer -Token token -ServiceAccount $account -Fault $limit
        1..2500 | ForEach-Object { [pscustomobject]@{
            distinct_id = "u$_"; '$name' = "User $_"; '$email' = "u$_@example.com"; plan = ($_ % 2 ? 'pro' : 'free'); seats = $_ } } | Set-UserProfile -MaxConcurrency 1
        $server
        """;

    private readonly ModuleSession _service = new();
    private long _own;

    private ILocator Ids => Page.Locator("td.id");

    private ILocator Line => Page.Locator("#project p").First;

    /// <summary>The requests to the service, less those of the test.</summary>
    private long Requests => (long)_service.Run("$server.RequestCount").Succeeded().Output[0].BaseObject - _own;

    [SkippableFact]
    public async Task Only_buttons_that_say_so_send_a_query()
    {
        await OpenProject();
        await Expect(Line).ToContainTextAsync("Project 12345");
        await Expect(Line).ToContainTextAsync("No profiles have been read yet. 60 of 60 queries");
        await Expect(Page.Locator("tbody")).ToContainTextAsync("No profiles have been read yet.");
        Assert.Equal(0, Requests);

        await Button("Read profiles (1 query)").ClickAsync();
        await Expect(Line).ToContainTextAsync("1,000 of 2,500 profiles read");
        await Expect(Line).ToContainTextAsync("59 of 60 queries");
        await Expect(Page.Locator(".range")).ToHaveTextAsync("1–50 of 1,000 profiles");
        Assert.Equal(1, Requests);

        // Search, condition, order, columns, pages, a profile and back; and what the next query would be for.
        await Page.GetByLabel("Read only profiles that match").PressSequentiallyAsync("properties");
        await Page.GetByLabel("Read only profiles that match").FillAsync("");
        await Page.GetByLabel("Search").FillAsync("user 99");
        await Expect(Page.Locator(".range")).ToHaveTextAsync("1–11 of 11 profiles");
        await Page.GetByLabel("Search").FillAsync("");
        await Page.GetByLabel("Condition").FillAsync("""properties["seats"] > 900""");
        await Page.GetByLabel("Condition").PressAsync("Enter");
        await Expect(Page.Locator(".range")).ToHaveTextAsync("1–50 of 100 profiles");
        await Button("E-mail").ClickAsync();
        await Button("Next page").ClickAsync();
        await Expect(Page.Locator(".range")).ToHaveTextAsync("51–100 of 100 profiles");
        await Page.GetByText("Columns").ClickAsync();
        await Page.GetByLabel("plan").CheckAsync();
        await Expect(Page.GetByRole(AriaRole.Cell, new() { Name = "pro", Exact = true }).First).ToBeVisibleAsync();
        await Page.Mouse.WheelAsync(0, 5000);
        await Ids.First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("User");
        await Page.GoBackAsync();
        await Page.ReloadAsync();
        await Expect(Line).ToContainTextAsync("59 of 60 queries");
        Assert.Equal(1, Requests);

        await Button("Read more profiles (1 query)").ClickAsync();
        await Expect(Line).ToContainTextAsync("2,000 of 2,500 profiles read");
        await Expect(Button("Read more profiles (1 query)")).ToBeFocusedAsync();
        await Button("Read more profiles (1 query)").ClickAsync();
        await Expect(Line).ToContainTextAsync("2,500 of 2,500 profiles read");
        await Expect(Button("Read more profiles (1 query)")).ToHaveCountAsync(0);
        await Page.GetByLabel("Read only profiles that match").FillAsync("""properties["seats"] > 2490""");
        await Button("Read profiles (1 query)").ClickAsync();
        await Expect(Line).ToContainTextAsync("10 of 10 profiles with properties[\"seats\"] > 2490 read");
        Assert.Equal(4, Requests);
        Assert.Empty(Problems);
    }

    [SkippableFact]
    public async Task A_change_needs_the_typed_id_of_the_project_and_reaches_the_service()
    {
        await OpenProfile("u7");
        await Button("Edit plan").ClickAsync();
        await Page.GetByLabel("Value").FillAsync("team");
        await Button("Save").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Dialog, new() { Name = "Change profiles of a project?" })).ToContainTextAsync("project 12345");
        await Button("Cancel").Last.ClickAsync();
        Assert.Equal("pro", Stored("u7", "plan"));

        await Button("Save").ClickAsync();
        await Confirm("1234");
        await Expect(Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("This is not 12345.");
        await Confirm();
        await Expect(Page.Locator("tr[data-name=plan] td.value")).ToHaveTextAsync("team");
        Assert.Equal("team", Stored("u7", "plan"));

        await Delete("u7");
        await Expect(Page.Locator(".range")).ToHaveTextAsync("1–50 of 999 profiles");
        Assert.Empty(_service.Run("Get-UserProfile u7 -ErrorAction Ignore").Output);
        Assert.Empty(Problems);
    }

    [SkippableFact]
    public async Task A_profile_is_read_again_and_a_new_one_does_not_overwrite_one_that_was_not_read()
    {
        await OpenProfile("u8");
        _service.Run("Set-UserProfile u8 -Property @{ plan = 'changed elsewhere' }").Succeeded();
        _own++;
        await Button("Read this profile again (1 query)").ClickAsync();
        await Expect(Page.Locator("tr[data-name=plan] td.value")).ToHaveTextAsync("changed elsewhere");
        Assert.Equal(2, Requests);

        await Page.GotoAsync(new Uri(Address, "/#/new").AbsoluteUri);
        await AddExisting("u2400", "Somebody else");
        Assert.Equal("User 2400", Stored("u2400", "$name"));
        Assert.Equal(3, Requests);

        await Page.GetByLabel("Distinct ID").FillAsync("new");
        await Button("Add profile").ClickAsync();
        await Confirm();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Somebody else");
        Assert.Equal("Somebody else", Stored("new", "$name"));
    }

    [SkippableFact]
    public async Task Later_pages_do_not_bring_back_what_was_changed_or_deleted()
    {
        await OpenRead("new");
        await AddExisting("u1500", "x");
        await AddExisting("u1501", "x");

        await Page.GotoAsync(new Uri(Address, "/#/profile/u1500").AbsoluteUri);
        await Button("Edit plan").ClickAsync();
        await Page.GetByLabel("Value").FillAsync("team");
        await Button("Save").ClickAsync();
        await Confirm();
        await Expect(Page.Locator("tr[data-name=plan] td.value")).ToHaveTextAsync("team");
        await Delete("u1501");
        await Button("Read more profiles (1 query)").ClickAsync();
        await Expect(Line).ToContainTextAsync("2,000 of 2,500");
        await Expect(Page.Locator(".range")).ToHaveTextAsync("1–50 of 1,999 profiles");
        await Page.GotoAsync(new Uri(Address, "/#/profile/u1500").AbsoluteUri);
        await Expect(Page.Locator("tr[data-name=plan] td.value")).ToHaveTextAsync("team");
        Assert.Equal("team", Stored("u1500", "plan"));
    }

    [SkippableFact]
    public async Task An_import_is_compared_with_what_was_read_and_goes_to_the_service()
    {
        await OpenRead("import");
        await Choose("users.csv", "distinct_id,plan\nu1,pro\nu2,pro\nu2400,pro\n");
        await GoOn();
        await Expect(Count("unchanged")).ToHaveTextAsync("1");
        await Expect(Count("changed")).ToHaveTextAsync("1");
        await Expect(Count("new")).ToHaveTextAsync("1");
        await Expect(Page.Locator("#project")).ToContainTextAsync("compared with the profiles that were read");
        await Page.Locator("button.primary").ClickAsync();
        await Confirm();
        await Expect(Heading).ToHaveTextAsync("The import is finished");
        await Expect(Count("accepted")).ToHaveTextAsync("3");
        Assert.Equal("pro", Stored("u2400", "plan"));
        Assert.Equal("pro", Stored("u2", "plan"));

        // Only a part of it is known, which is neither a profile to edit nor a backup.
        await Page.GetByRole(AriaRole.Link, new() { Name = "Show the profiles" }).ClickAsync();
        await Expect(Page.Locator(".range")).ToHaveTextAsync("1–50 of 1,000 profiles");
        await Page.GotoAsync(new Uri(Address, "/#/profile/u2").AbsoluteUri);
        await Expect(Page.Locator("tr[data-name=plan] td.value")).ToHaveTextAsync("pro");
        Assert.Empty(Problems);
    }

    [SkippableFact]
    public async Task The_reason_is_shown_when_the_service_takes_no_more_queries()
    {
        await OpenProject();
        await Page.GetByLabel("Read only profiles that match").FillAsync("nonsense(");
        await Button("Read profiles (1 query)").ClickAsync();
        await Expect(Page.Locator("#project .error").Last).ToContainTextAsync("where, at position 0");
        await Expect(Line).ToContainTextAsync("59 of 60 queries");
        Session.Run("1..59 | ForEach-Object { Get-UserProfile u1 }").Succeeded();
        await Page.GetByLabel("Read only profiles that match").FillAsync("");
        await Button("Read profiles (1 query)").ClickAsync();
        await Expect(Page.Locator("#project .error").Last).ToContainTextAsync("429");
        await Expect(Line).ToContainTextAsync("0 of 60 queries");
        Assert.Equal(61, Requests);
    }

    [SkippableFact]
    public async Task No_view_of_a_project_breaks_a_rule_of_axe()
    {
        await OpenProfile("u9");
        await IsAccessible("profile of a project");
        foreach (var view in new[] { "/#/", "/#/new", "/#/import" })
        {
            await Page.GotoAsync(new Uri(Address, view).AbsoluteUri);
            await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await IsAccessible(view);
        }

        await Page.GotoAsync(new Uri(Address, "/#/profile/u9").AbsoluteUri);
        await Button("Remove plan").ClickAsync();
        await Button("Remove").Last.ClickAsync();
        await Expect(Page.GetByLabel("Type 12345 to go on")).ToBeVisibleAsync();
        await IsAccessible("question");
    }

    [Fact]
    public async Task Nobody_reads_or_changes_the_profiles_without_the_key_of_the_page()
    {
        var address = Show();
        using var client = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false });
        foreach (var path in new[] { "/", "/app/project", "/app/profiles", "/app/requests" })
        {
            using var closed = await client.GetAsync(new Uri(address, path));
            Assert.Contains(closed.StatusCode, new[] { HttpStatusCode.Forbidden, HttpStatusCode.NotFound });
        }

        foreach (var path in new[] { "/engage", "/groups", "/api/query/engage" })
        {
            using var content = new StringContent("""[{"$token":"token","$distinct_id":"u1","$set":{"plan":1}}]""", Encoding.UTF8, "application/json");
            using var service = await client.PostAsync(new Uri(address, path), content);
            Assert.Equal(HttpStatusCode.NotFound, service.StatusCode);
        }

        using var opened = await client.GetAsync(address);
        var cookie = opened.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using (var again = await client.GetAsync(address))
            Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
        foreach (var (path, body) in new[] { ("/app/profile", """{"id":"u1","set":{"plan":1}}"""), ("/app/removals/run", "{}"), ("/app/imports/run", "{}") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add("Cookie", cookie);
            request.Headers.Add("X-Profiles-Session", cookie.Split('=')[1]);
            request.Headers.Add("X-Profiles-Project", "1234");
            using var unnamed = await client.SendAsync(request);
            Assert.Contains("Type its name", await unnamed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal("pro", Stored("u1", "plan"));
        Assert.Equal(0, Requests);
    }

    public void Dispose() => _service.Dispose();

    /// <summary>Opens the page of a project.</summary>
    private async Task OpenProject()
    {
        await StartBrowser();
        Address = Show();
        await Page.GotoAsync(Address.AbsoluteUri);
    }

    /// <summary>Opens the page of a project, reads the first profiles, and goes to a view.</summary>
    private async Task OpenRead(string view)
    {
        await OpenProject();
        await Button("Read profiles (1 query)").ClickAsync();
        await Expect(Line).ToContainTextAsync("1,000 of 2,500");
        await Page.GotoAsync(new Uri(Address, $"/#/{view}").AbsoluteUri);
    }

    private async Task OpenProfile(string id)
    {
        await OpenRead($"profile/{id}");
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("User");
    }

    /// <summary>Adds a profile that the service has, and sees that it is refused.</summary>
    private async Task AddExisting(string id, string name)
    {
        await Page.GetByLabel("Distinct ID").FillAsync(id);
        await Page.GetByLabel("Value").FillAsync(name);
        await Button("Add profile").ClickAsync();
        await Confirm();
        await Expect(Page.Locator("form .error").Last).ToHaveTextAsync("There is already a profile with this identifier.");
    }

    /// <summary>Starts the service in its session, and the page in the other.</summary>
    private Uri Show()
    {
        var endpoint = (Uri)_service.Run(Setup).Succeeded().Value("Endpoint")!;
        _own = Requests;
        return (Uri)Session.Run("""
            $account = [pscredential]::new('robot', (ConvertTo-SecureString 'secret' -AsPlainText -Force))
            Connect-UserProfileService -Token token -ProjectId 12345 -ServiceAccount $account -Endpoint $endpoint
            Show-UserProfile -PassThru
            """, new { endpoint }).Succeeded().Output[^1].BaseObject;
    }

    private async Task Confirm(string name = "12345")
    {
        await Page.GetByLabel("Type 12345 to go on").FillAsync(name);
        await Button("Change profiles").ClickAsync();
    }

    private async Task Delete(string id)
    {
        await Page.GotoAsync(new Uri(Address, $"/#/profile/{id}").AbsoluteUri);
        await Button("Delete profile…").ClickAsync();
        await Page.GetByLabel("without a backup").CheckAsync();
        await Button("Delete 1 profile").ClickAsync();
        await Confirm();
        await Expect(Page.Locator(".range")).ToBeVisibleAsync();
    }

    /// <summary>What the service has.</summary>
    private object? Stored(string id, string property)
    {
        _own++;
        return _service.Run($"Get-UserProfile {id}").Succeeded().Value(property);
    }
}
