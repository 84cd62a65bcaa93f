using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Rules;

/// <summary>Where nothing is wrong, no rule says so.</summary>
public sealed class CleanExportTests : ConnectedTests
{
    private const int Rows = 10_000;

    public static TheoryData<string> Programs => [.. CleanExport.All.Select(export => export.Program)];

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_clean_export_of_ten_thousand_rows_has_no_finding(string program)
    {
        var export = CleanExport.All.Single(export => export.Program == program);
        var path = Folder.Write("export.csv", export.Text(Rows), export.Encoding);

        var tested = Session.Run($"Test-UserProfile $path {export.Parameters}", new { path });
        var found = tested.Output.SkipLast(1).Select(finding => finding.ToString());
        Assert.Equal("", string.Join('\n', tested.Errors.Select(error => error.ToString()).Concat(tested.Warnings).Concat(found)));

        var imported = Session.Run($"Import-UserProfileCsv $path -Strict {export.Parameters}").Succeeded();
        Assert.Empty(imported.Warnings);
        Assert.Equal(((long)Rows, (long)Rows, 0), (imported.Value("Read"), imported.Value("Accepted"), imported.Value("ExitCode")));
        Assert.Equal(Rows, Service.Profiles.Count);
    }
}
