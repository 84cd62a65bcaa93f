using System.Diagnostics;
using System.Runtime.Versioning;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Processes;

/// <summary>Whatever the umask, what the module makes is for its owner only.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FileModeTests : PwshTest
{
    [SkippableTheory]
    [InlineData("000")]
    [InlineData("022")]
    [InlineData("077")]
    public void Files_are_for_their_owner_only(string umask)
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no umask.");
        Directory.CreateDirectory(Path.Combine(Folder, "made"), (UnixFileMode)0x3FF);
        File.WriteAllText(Path.Combine(Folder, "users.csv"), "distinct_id,n\n1,1\n,2\n2,3\n");
        var script = Script("""
            $null = Start-UserProfileServer made/db
            Import-UserProfileCsv users.csv -JournalPath made/journal -RejectPath made/refused.csv -LogPath made/log -ErrorAction Ignore | Out-Null
            Export-UserProfileCsv made/users.csv | Out-Null
            Remove-UserProfile -PropertyEquals @{ n = '1' } -Force -BackupPath made/removed.jsonl
            (Get-ChildItem made).Name -join ' '
            Get-ChildItem made | ForEach-Object { "$([IO.File]::GetUnixFileMode($_.FullName))" } | Sort-Object -Unique
            """);
        var start = new ProcessStartInfo("sh", ["-c", $"umask {umask}; exec dotnet \"$0\" -NoProfile -NonInteractive -File {script}", Pwsh])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var result = Finish(process);
        Assert.Equal("db db-lock db-shm db-wal journal journal.lock log refused.csv removed.jsonl users.csv\nUserWrite, UserRead\n", result.Output);
    }
}
