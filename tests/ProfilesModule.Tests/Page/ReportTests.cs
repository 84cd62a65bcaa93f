using Microsoft.Playwright;

namespace ProfilesModule.Tests.Page;

/// <summary>What a browser shows of a report of Test-UserProfile.</summary>
public sealed class ReportTests(PageBrowser browser) : BrowserTest(browser)
{
    // No longer than what is shown of a value.
    private const string Script = "<script>document.title=1</script><img src onerror=x>'\"&amp;";

    private readonly List<string> _requests = [];

    [SkippableTheory]
    [InlineData("")]
    [InlineData("-MaskValue -Strict")]
    public async Task A_report_breaks_no_rule_of_axe_and_loads_nothing(string parameters)
    {
        var rows = Enumerable.Range(1, 300).Select(i => $"{i},{(i % 7 == 0 ? "nobody" : $"u{i}@example.com")},{i % 60 + 0.5},2026-01-{i % 28 + 1:00},{(i % 3 == 0 ? "" : "pro")},");
        var path = Folder.Write("users.csv", $"distinct_id,$email,age,born,plan,{new string('w', 200)}\n{string.Join('\n', rows)}\nnull,,,,,\n");
        await Open($"Test-UserProfile $path -PropertyType @{{ age = 'Number'; born = 'Date' }} {parameters} -ReportPath $report", new { path });
        await IsAccessible("The report");
        Assert.NotEqual("rgba(0, 0, 0, 0)", await Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('article')).backgroundColor"));
        Assert.Equal(2, await Page.Locator("svg.histogram").CountAsync());
        Assert.Equal([Page.Url], _requests);
        Assert.Empty(Problems);
    }

    [SkippableFact]
    public async Task A_finding_is_beside_its_column_with_lines_and_remedy()
    {
        var path = Folder.Write("users.csv", "id,mail,tags\n1,nobody,a\n2,,b\n3,nobody,\n");
        await Open("Test-UserProfile $path -IdentifierColumn id -PropertyMap @{ mail = '$email' } -ReportPath $report", new { path });
        await Page.GetByRole(AriaRole.Link, new() { Name = "$email" }).ClickAsync();
        var column = Page.GetByRole(AriaRole.Article, new() { Name = "$email" });
        await Assertions.Expect(column).ToBeInViewportAsync();
        await Assertions.Expect(column).ToContainTextAsync("Column mail");
        await Assertions.Expect(column).ToContainTextAsync("66.7%");
        await Assertions.Expect(column.GetByRole(AriaRole.Row, new() { Name = "nobody 2 100%" })).ToBeVisibleAsync();
        await Assertions.Expect(column.GetByRole(AriaRole.Listitem)).ToContainTextAsync(
            ["Warning: InvalidEmail in lines 2, 4 '$email' does not hold an e-mail address. Correct or remove the address."]);
        await Assertions.Expect(Page.Locator("article")).ToHaveCountAsync(3);
    }

    [SkippableFact]
    public async Task Names_and_values_that_are_markup_stay_text()
    {
        const string Rows = """
            $rows = 1..3 | ForEach-Object { [pscustomobject]@{ distinct_id = "$markup$_"; $markup = $markup; '$email' = $markup; list = @($markup); object = @{ $markup = $markup } } }
            $rows | Test-UserProfile -ReportPath $report
            """;
        await Open(Rows, new { markup = Script });
        await Assertions.Expect(Page).ToHaveTitleAsync("Test of objects");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = Script, Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Row, new() { Name = Script }).First).ToBeVisibleAsync();
        Assert.Equal(0, await Page.Locator("script, img, [onerror]").CountAsync());
        Assert.Equal([Page.Url], _requests);
        Assert.Empty(Problems);
    }

    private async Task Open(string script, object variables)
    {
        // First, so that a test that is skipped does nothing.
        await StartBrowser();
        Page.Request += (_, request) => _requests.Add(request.Url);
        Page.Console += (_, message) => Problems.Add(message.Text);
        var report = Folder.File("report.html");
        Session.Run($"$report = '{report}'; {script}", variables).Succeeded();
        await Page.GotoAsync(new Uri(report).AbsoluteUri);
    }
}
