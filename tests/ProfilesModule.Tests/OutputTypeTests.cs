using System.Management.Automation;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests;

/// <summary>What a cmdlet says that it writes is what completion and help go by.</summary>
public sealed class OutputTypeTests : IDisposable
{
    /// <summary>For each cmdlet, lines that make it write everything that it can write; in a session with a server that has two users and two groups.</summary>
    private static readonly Dictionary<string, string[]> Calls = new(StringComparer.Ordinal)
    {
        ["Connect-UserProfileService"] = ["Connect-UserProfileService -Token t -Region EU -PassThru"],
        ["Disconnect-UserProfileService"] = ["Disconnect-UserProfileService"],
        ["Export-UserProfileCsv"] = ["Export-UserProfileCsv ($csv + '2') -PassThru"],
        ["Get-GroupProfile"] = ["Get-GroupProfile -DataGroupId $companies", "Get-GroupProfile acme -DataGroupId $companies"],
        ["Get-UserProfile"] = ["Get-UserProfile", "Get-UserProfile 1", "Get-UserProfile -Property n"],
        ["Get-UserProfileConnection"] = ["Get-UserProfileConnection"],
        ["Get-UserProfileImport"] = ["$null = Import-UserProfileCsv $csv -LogPath ($csv + '.log'); Get-UserProfileImport ($csv + '.log')"],
        ["Get-UserProfileServer"] = ["Get-UserProfileServer"],
        ["Get-UserProfileSync"] = ["@{ distinct_id = 1; a = 1 } | Set-UserProfile -StatePath ($csv + '.db'); Get-UserProfileSync ($csv + '.db')", "Get-UserProfileSync ($csv + '.db') 1"],
        ["Import-GroupProfileCsv"] = ["Import-GroupProfileCsv $csv -GroupKey company -IdentifierColumn 1"],
        ["Import-GroupProfileJson"] = ["Import-GroupProfileJson $json -GroupKey company -IdentifierProperty distinct_id"],
        ["Import-GroupProfileQuery"] = ["Import-GroupProfileQuery 'select 1 as group_id' -GroupKey company -Provider Sqlite -ConnectionString 'Data Source=:memory:'"],
        ["Import-UserProfileCsv"] = ["Import-UserProfileCsv $csv", "Import-UserProfileCsv $csv -WhatIf"],
        ["Import-UserProfileJson"] = ["Import-UserProfileJson $json", "Import-UserProfileJson $json -WhatIf"],
        ["Import-UserProfileQuery"] = ["Import-UserProfileQuery 'select 1 as distinct_id' -Provider Sqlite -ConnectionString 'Data Source=:memory:'"],
        ["Join-UserProfile"] = ["@{ distinct_id = 1 } | Join-UserProfile", "Get-UserProfile | Join-UserProfile -Property n"],
        ["New-UserProfileMapping"] = ["New-UserProfileMapping $csv", "New-UserProfileMapping $csv -DestinationPath ($csv + '.json')"],
        ["Remove-GroupProfile"] = ["Remove-GroupProfile acme -GroupKey company -Force -PassThru"],
        ["Remove-UserProfile"] = ["Remove-UserProfile 1 -Force -PassThru", "Get-UserProfile 2 | Remove-UserProfile -Force -PassThru"],
        ["Set-GroupProfile"] = ["Set-GroupProfile acme -GroupKey company -Property @{ a = 1 } -PassThru", "@{ group_id = 'b'; a = 1 } | Set-GroupProfile -GroupKey company -PassThru"],
        ["Set-UserProfile"] = ["Set-UserProfile 1 -Property @{ a = 1 } -PassThru", "@{ distinct_id = 'b'; a = 1 } | Set-UserProfile -PassThru", "Get-UserProfile | Set-UserProfile -PassThru"],
        ["Show-UserProfile"] = ["Show-UserProfile -PassThru"],
        ["Start-UserProfileServer"] = ["Start-UserProfileServer"],
        ["Stop-UserProfileServer"] = ["Stop-UserProfileServer"],
        ["Test-UserProfile"] = ["Test-UserProfile $csv", "@{ distinct_id = 'null' } | Test-UserProfile", "Test-UserProfile $csv -Quiet"],
        ["Test-UserProfileConnection"] = ["Test-UserProfileConnection", "Test-UserProfileConnection -Quiet"],
    };

    private readonly TemporaryFolder _folder = new();
    private readonly ModuleSession _session = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string> Commands() => [.. Calls.Keys];

    [Fact]
    public void No_cmdlet_is_left_out() =>
        Assert.Equal(Calls.Keys.Order(), _session.Run("Get-Command -Module ProfilesModule").Succeeded().Output.Select(c => ((CmdletInfo)c.BaseObject).Name).Order());

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_cmdlet_writes_what_it_says_that_it_writes(string name)
    {
        var csv = _folder.Write("a.csv", "distinct_id,v\n3,a\n");
        var json = _folder.Write("a.json", """{"distinct_id":"3","v":"a"}""");
        var companies = Assert.Single(_session.Run("""
            $server = Start-UserProfileServer
            1, 2 | ForEach-Object { @{ distinct_id = $_; n = $_ } } | Set-UserProfile
            Set-GroupProfile acme, init -GroupKey company -Property @{ n = 1 }
            $server.FindDataGroupId('company')
            """).Succeeded().Output).BaseObject;
        var declared = ((CmdletInfo)Assert.Single(_session.Run("Get-Command $name", new { name }).Succeeded().Output).BaseObject).OutputType.Select(t => t.Type).ToArray();
        var written = Calls[name].SelectMany(call => _session.Run(call, new { csv, json, companies }).Succeeded().Output).ToArray();
        Assert.DoesNotContain(null, declared);
        if (declared is [var only] && only == typeof(void))
        {
            Assert.Empty(written);
            return;
        }

        Assert.True(written.Length >= Calls[name].Length);
        Assert.All(written, o => Assert.Contains(o.BaseObject.GetType(), declared));

        // Nor is a type declared that is never written.
        Assert.Equal(declared.ToHashSet(), written.Select(o => o.BaseObject.GetType()).ToHashSet());
    }
}
