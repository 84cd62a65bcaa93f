using System.Text;
using Microsoft.Playwright;

namespace ProfilesModule.Tests.Page;

/// <summary>Files that are imported on the page, as Get-UserProfile reads them back.</summary>
public sealed class ImportTests(PageBrowser browser) : ImportTest(browser)
{
    private const string Users = "id,email,age,note\nu1,a@example.com,31,x\nu2,b@example.com,42,\nu3,c@example.com,53,y\n";

    [SkippableFact]
    public async Task Users_without_a_header_row_are_imported_as_the_documentation_has_it()
    {
        await Open(view: View);
        await Choose("users.csv", "1001,Ada Lovelace,ada@example.com\n1002,Alan Turing,alan@example.com\n1003,Grace Hopper,grace@example.com\n");
        await Expect(Page.GetByLabel("The first row contains the column names")).Not.ToBeCheckedAsync();
        await Expect(Page.GetByText("no column with a recognized name")).ToBeVisibleAsync();
        await Expect(Button("Show what will change")).ToBeDisabledAsync();
        await Page.GetByLabel("Column that identifies the users").SelectOptionAsync("column_1");
        await Rename("column_2", "$name");
        await Rename("column_3", "$email");
        await GoOn();
        await Expect(Count("new")).ToHaveTextAsync("3");
        await Run();
        await Expect(Count("accepted")).ToHaveTextAsync("3");
        Assert.Equal("""{"$name":"Ada Lovelace","$email":"ada@example.com"}""", Properties("1001"));
        Assert.Equal("3", Script("(Get-UserProfile).Count"));
        Assert.Empty(Problems);

        async Task Rename(string column, string property)
        {
            await Page.GetByLabel($"Property: {column}").FillAsync(property);
            await Page.Keyboard.PressAsync("Tab");
        }
    }

    [SkippableFact]
    public async Task Without_an_identifier_the_e_mail_address_is_one_and_otherwise_each_row_gets_a_random_one()
    {
        await Open(view: View);
        await Choose("users.csv", "email,city\na@example.com,Bern\nb@example.com,Wien\n");
        await Expect(Page.GetByText("“email” becomes the Distinct ID, and also stays a property.")).ToBeVisibleAsync();
        await GoOn();
        await Run();
        Assert.Equal("""{"$email":"a@example.com","$city":"Bern"}""", Properties("a@example.com"));

        await Button("Import another file").ClickAsync();
        await Choose("cities.csv", "city,country\nBern,CH\nWien,AT\n");
        await Expect(Page.GetByText("no column with a recognized name")).ToBeVisibleAsync();
        await Page.GetByLabel("Column that identifies the users").SelectOptionAsync("None: a random identifier for each row");
        await Expect(Page.GetByText("Each row becomes a new profile.")).ToBeVisibleAsync();
        await GoOn();
        await Run();
        Assert.Equal("4", Script("(Get-UserProfile).Count"));
    }

    [SkippableFact]
    public async Task Columns_are_left_out_renamed_and_typed()
    {
        await Open(view: View);
        await Choose("users.csv", Users);
        await Page.GetByLabel("Column that identifies the users").SelectOptionAsync("id");
        await Expect(Column("age").GetByLabel("Type: age")).ToHaveValueAsync("ExactNumber");
        await Column("age").GetByLabel("Type: age").SelectOptionAsync("Text");
        await Expect(Column("email").GetByLabel("Property: email")).ToHaveValueAsync("$email");
        await Column("email").GetByLabel("Property: email").FillAsync("mail");
        await Column("note").GetByLabel("Import: note").UncheckAsync();
        await GoOn();
        await Run();
        Assert.Equal("""{"mail":"a@example.com","age":"31"}""", Properties("u1"));
    }

    [SkippableFact]
    public async Task Changes_that_come_faster_than_their_answers_are_all_kept()
    {
        await Open(view: View);
        await Choose("users.csv", "distinct_id,age,note\nu1,31,x\nu2,42,y\n");
        await Expect(Page.GetByText("2 rows can be imported; 0 will be rejected.")).ToBeVisibleAsync();
        var (asked, released) = (0, new TaskCompletionSource());
        await Page.RouteAsync("**/app/imports/look", async route =>
        {
            asked++;
            await released.Task;
            await route.ContinueAsync();
        });
        await Page.GetByLabel("Type: age").SelectOptionAsync("Text");
        await Page.GetByLabel("Import: note").UncheckAsync();
        await Page.GetByLabel("Property: age").FillAsync("years");
        Assert.Equal(1, asked);
        released.SetResult();
        await Expect(Page.GetByLabel("Property: note")).ToBeDisabledAsync();
        await Page.Keyboard.PressAsync("Tab");
        await GoOn();
        await Expect(Page.GetByLabel("Changes of u1").Locator("tbody tr td")).ToHaveTextAsync(["years", "(not set)", "31"]);
        await Run();
        Assert.Equal("""{"years":"31"}""", Properties("u1"));
    }

    [SkippableFact]
    public async Task What_would_change_is_shown_before_and_after()
    {
        await Open("Set-UserProfile u1 -Property @{ age = 30; '$email' = 'a@example.com'; note = 'x' }; Set-UserProfile u2 -Property @{ age = 42; '$email' = 'b@example.com' }", View);
        var updated = Script("(Get-UserProfile u1).UpdatedAt.ToString('o')");
        await Choose("users.csv", Users);
        await Page.GetByLabel("Column that identifies the users").SelectOptionAsync("id");
        await GoOn();
        foreach (var (name, count) in new[] { ("new", "1"), ("changed", "1"), ("unchanged", "1"), ("rejected", "0") })
            await Expect(Count(name)).ToHaveTextAsync(count);
        await Expect(Page.GetByLabel("Changes of u1").Locator("tbody tr td")).ToHaveTextAsync(["age", "30", "31"]);
        await Expect(Page.GetByLabel("Changes of u3").Locator("tbody tr").First).ToContainTextAsync("(not set)");
        await Expect(Page.GetByLabel("Properties").Locator("tbody tr").Filter(new() { HasText = "age" })).ToContainTextAsync("age11");

        // Nothing has changed yet.
        Assert.Equal("30", Script("(Get-UserProfile u1).Properties.age"));
        await Run();
        Assert.Equal("31", Script("(Get-UserProfile u1).Properties.age"));
        Assert.Equal(updated, Script("(Get-UserProfile u1).UpdatedAt.ToString('o')"));
    }

    [SkippableFact]
    public async Task A_hundred_thousand_rows_show_what_is_wrong_and_the_rest_is_imported()
    {
        await Open(view: View);
        var file = new StringBuilder("distinct_id,city,age\n");
        for (var i = 1; i <= 100_000; i++)
            file.Append(i == 50_000 ? "" : $"u{i}").Append(i == 70_000 ? ",,unknown age" : $",City {i % 50},{i % 90}").Append('\n');
        await Choose("users.csv", file.ToString());
        await Expect(Page.GetByText("99,998 rows can be imported; 2 will be rejected.")).ToBeVisibleAsync();
        await Expect(Column("age")).ToContainTextAsync("line 70,001");
        await Expect(Column("distinct_id")).ToContainTextAsync("line 50,001");
        await GoOn();
        await Expect(Count("new")).ToHaveTextAsync("99,998");
        await Run();
        await Expect(Count("accepted")).ToHaveTextAsync("99,998");
        await Expect(Count("rejected")).ToHaveTextAsync("2");
        Assert.Equal("99998", Script("(Get-UserProfileServer).ProfileCount"));

        // What was rejected can be corrected and imported, with the same mapping.
        var mapping = await Download("Download the mapping");
        var rejects = await Download("Download 2 rows");
        var rows = (await File.ReadAllTextAsync(rejects)).Replace("unknown age", "7", StringComparison.Ordinal).Replace("\n,City", "\nu50000,City", StringComparison.Ordinal);
        await File.WriteAllTextAsync(rejects, rows);
        Assert.Equal("2", Script("(Import-UserProfileCsv $rejects -MappingPath $mapping).Accepted", new { rejects, mapping }));
        Assert.Equal("7", Script("(Get-UserProfile u70000).Properties.age"));
        Assert.Equal("100000", Script("(Get-UserProfileServer).ProfileCount"));
        Assert.Empty(Problems);
    }

    [SkippableFact]
    public async Task A_wrong_encoding_is_noticed_and_the_right_one_is_proposed()
    {
        await Open(view: View);
        await Choose("western.csv", Encoding.Latin1.GetBytes("distinct_id;name\nu1;Zoë\n"));
        await Expect(Page.GetByLabel("Encoding")).ToHaveValueAsync("1252");
        await Expect(Page.GetByLabel("Delimiter")).ToHaveValueAsync(";");
        await Expect(Page.Locator(".preview tbody")).ToContainTextAsync("Zoë");
        await Page.GetByLabel("Encoding").SelectOptionAsync("utf8");
        await Expect(Page.Locator(".messages").Filter(new() { HasText = "encoding" }).First).ToBeVisibleAsync();
        await Page.GetByLabel("Encoding").SelectOptionAsync("1252");
        await Expect(Page.GetByText("1 row can be imported; 0 will be rejected.")).ToBeVisibleAsync();
        await GoOn();
        await Run();
        Assert.Equal("""{"$name":"Zoë"}""", Properties("u1"));

        // What a byte order mark looks like in another encoding is seen at once.
        await Button("Import another file").ClickAsync();
        await Choose("marked.csv", [.. Encoding.UTF8.Preamble, .. "distinct_id,name\nu2,Łukasz\n"u8]);
        await Page.GetByLabel("Encoding").SelectOptionAsync("1252");
        await Expect(Page.Locator(".preview thead")).ToContainTextAsync("ï»¿distinct_id");
        await Expect(Button("Show what will change")).ToBeDisabledAsync();
        await Page.GetByLabel("Encoding").SelectOptionAsync("utf8");
        await GoOn();
        await Run();
        Assert.Equal("""{"$name":"Łukasz"}""", Properties("u2"));
    }

    [SkippableFact]
    public async Task Stop_keeps_what_was_sent_and_the_rest_can_be_imported_later()
    {
        // The third request, and every one after it, is told to wait for longer than the test takes.
        await Open(view: View, server: "-Fault @{ Kind = 'Status'; MaxRequests = 2; Window = 3600; Status = 429; RetryAfter = 600 }");
        await Choose("users.csv", "distinct_id,n\n" + string.Concat(Enumerable.Range(1, 5000).Select(i => $"u{i},{i}\n")));
        await GoOn();
        await Page.Locator("button.primary").ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("400 imported");

        // The page finds it again, behind another view and loaded again.
        await Page.GetByRole(AriaRole.Link, new() { Name = "All users" }).ClickAsync();
        await Page.ReloadAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Import from CSV" }).ClickAsync();
        await Button("Stop").ClickAsync();
        await Expect(Heading).ToHaveTextAsync("The import was stopped");
        await Page.ReloadAsync();
        await Expect(Heading).ToHaveTextAsync("The import was stopped");
        await Expect(Count("accepted")).ToHaveTextAsync("400");
        Assert.Equal("400", Script("(Get-UserProfileServer).ProfileCount"));

        var rest = await Download("Download 4,600 rows");
        await Page.GotoAsync(new Uri(Address, "#/requests").AbsoluteUri);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Remove the fault" }).ClickAsync();
        await Expect(Page.GetByText("The service plays no faults.")).ToBeVisibleAsync();
        Script("$null = Import-UserProfileCsv $rest", new { rest });
        Assert.Equal("5000", Script("(Get-UserProfileServer).ProfileCount"));
    }

    [SkippableFact]
    public async Task A_file_is_dropped()
    {
        await Open(view: View);
        await Drop("dropped.csv", "distinct_id,n\nu1,1\n");
        await Expect(Heading).ToHaveTextAsync("Columns of dropped.csv");
        await GoOn();
        await Run();
        Assert.Equal("""{"n":1}""", Properties("u1"));
    }

    [SkippableFact]
    public async Task A_file_that_is_dropped_while_another_is_taken_is_ignored()
    {
        await Open(view: View);
        var (begun, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        await Page.RouteAsync("**/app/imports/part**", async route =>
        {
            begun.TrySetResult();
            await released.Task;
            await route.ContinueAsync();
        });
        var announced = 0;
        Page.Request += (_, request) => announced += request.Url.EndsWith("/app/imports", StringComparison.Ordinal) ? 1 : 0;
        await Drop("first.csv", "distinct_id,n\nu1,1\n");
        await begun.Task;
        await Drop("second.csv", "distinct_id,n\nu2,2\n");
        released.SetResult();
        await Expect(Heading).ToHaveTextAsync("Columns of first.csv");
        await GoOn();
        await Run();
        Assert.Equal(1, announced);
        Assert.Equal("u1", Script("(Get-UserProfile).DistinctId"));
    }

    [SkippableFact]
    public async Task A_column_that_the_service_refuses_is_left_out_or_renamed_before_the_import()
    {
        await Open(view: View);
        await Choose("users.csv", "distinct_id,bucket,n\nu1,x,1\n,,\n");
        await Expect(Page.GetByText("Nothing can be imported until the columns with errors are renamed or left out.")).ToBeVisibleAsync();
        await Expect(Column("bucket")).ToContainTextAsync("Error:");
        await Expect(Button("Show what will change")).ToBeDisabledAsync();
        await Column("bucket").GetByLabel("Property: bucket").FillAsync("group");
        await Page.Keyboard.PressAsync("Tab");
        await Expect(Page.GetByText("1 row can be imported; 0 will be rejected; 1 without a value will be skipped.")).ToBeVisibleAsync();
        await GoOn();
        await Run();
        Assert.Equal("""{"group":"x","n":1}""", Properties("u1"));
    }

    [SkippableFact]
    public async Task Why_an_import_ended_is_shown_behind_many_rejected_rows()
    {
        await Open(view: View, server: "-Fault @{ Kind = 'Status'; Status = 401 }");
        await Choose("users.csv", "distinct_id,n\n" + string.Concat(Enumerable.Range(1, 30).Select(i => $",{i}\n")) + "u1,1\n");
        await GoOn();
        await Run("The import ended before the end of the file");
        await Expect(Page.Locator(".messages li").Filter(new() { HasText = "Line" })).ToHaveCountAsync(20);
        await Expect(Page.Locator(".messages")).ToContainTextAsync("401");
    }

    [SkippableFact]
    public async Task Two_pages_import_two_files_at_once()
    {
        await Open(view: View);
        await Choose("one.csv", "distinct_id,n\na,1\n");
        var other = await NewPage();
        await other.GotoAsync(new Uri(Address, View).AbsoluteUri);
        await File.WriteAllTextAsync(Folder.File("two.csv"), "distinct_id,n\nb,2\n");
        await other.GetByLabel("CSV file").SetInputFilesAsync(Folder.File("two.csv"));
        await Expect(other.Locator("#step")).ToHaveTextAsync("Columns of two.csv");
        await GoOn();
        await Run();
        await other.GetByRole(AriaRole.Button, new() { Name = "Show what will change" }).ClickAsync();
        await other.Locator("button.primary").ClickAsync();
        await Expect(other.Locator("#step")).ToHaveTextAsync("The import is finished");
        Assert.Equal("a=1 b=2", Script("(Get-UserProfile | Sort-Object DistinctId | ForEach-Object { \"$($_.DistinctId)=$($_.Properties.n)\" }) -join ' '"));
    }

    private async Task Drop(string name, string text)
    {
        var file = await Page.EvaluateHandleAsync(
            "([name, text]) => { const data = new DataTransfer(); data.items.add(new File([text], name)); return data; }", new[] { name, text });
        await Page.DispatchEventAsync(".drop", "drop", new { dataTransfer = file });
    }
}
