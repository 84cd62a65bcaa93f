using System.Diagnostics;
using System.Reflection;
using System.Text;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Page;

/// <summary>What an import gives out, run in pwsh.</summary>
public sealed class ImportCommandTests(PageBrowser browser) : ImportTest(browser)
{
    private const string Stored = "Get-UserProfile | Sort-Object DistinctId | Select-Object DistinctId, UpdatedAt, Properties | ConvertTo-Json -Depth 9";

    [SkippableFact]
    public async Task The_mapping_and_the_command_line_store_the_same_profiles()
    {
        await Open(view: View);
        var file = new StringBuilder("Nr;E-Mail;Name;[a]*;Score;Since;Paid\r\n");
        for (var i = 1; i <= 500; i++)
            file.Append($"{i:000};user{i}@example.com;Zoë {i};secret;{i / 4m:0.00};2026-01-{1 + (i % 28):00};{(i == 300 ? "maybe" : i % 2 == 0 ? "true" : "false")}\r\n");
        await Choose("-Zoë o'hare `💡[1].b.csv", Encoding.Latin1.GetBytes(file.ToString()));
        await Page.GetByLabel("Column that identifies the users").SelectOptionAsync("Nr");
        await Column("E-Mail").GetByLabel("Property: E-Mail").FillAsync("$email");
        await Column("[a]*").GetByLabel("Import: [a]*").UncheckAsync();
        await Page.GetByLabel("Type: Paid").SelectOptionAsync("Boolean");
        await Expect(Page.GetByText("499 rows can be imported; 1 will be rejected.")).ToBeVisibleAsync();
        await GoOn();
        await Run();
        await Download("Download the mapping");
        var line = await Page.GetByLabel("Command").TextContentAsync();
        var onPage = Script(Stored);
        Assert.Contains("\"Score\": 124.75", onPage, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", onPage, StringComparison.Ordinal);

        // The command line of a user whose session has a connection, in the folder of the two files.
        var other = Script("(Start-UserProfileServer).Endpoint.AbsoluteUri");
        var result = await Pwsh($"""
            Import-Module '{Path.Combine(ModuleSession.RepositoryRoot, "ProfilesModule.psd1")}'
            Connect-UserProfileService -Endpoint {other} -Token embedded
            $result = {line} -ErrorAction SilentlyContinue
            "$($result.Accepted) $($result.Rejected)"
            """);
        Assert.Equal("499 1", result);
        Assert.Equal(onPage, Script(Stored));
    }

    private async Task<string> Pwsh(string script)
    {
        await File.WriteAllTextAsync(Folder.File("script.ps1"), script);
        var tool = typeof(ImportCommandTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "PowerShellTool").Value!;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(tool, OperatingSystem.IsWindows() ? "win" : "unix", "pwsh.dll"), "-NoProfile", "-File", Folder.File("script.ps1")])
        {
            WorkingDirectory = Folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Trim();
    }
}
