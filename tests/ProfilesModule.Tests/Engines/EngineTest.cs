using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Engines;

/// <summary>Runs what an engine would, from the folder examples, with the pwsh of the tests.</summary>
public abstract class EngineTest : PwshTest
{
    protected static readonly string Examples = Path.Combine(ModuleSession.RepositoryRoot, "examples");

    protected EngineTest()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "bin")).FullName;
        var pwsh = Path.Combine(folder, "pwsh");
        File.WriteAllText(pwsh, $"#!/bin/sh\nexec dotnet '{Pwsh}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(pwsh, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Variables["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
        Variables["MIXPANEL_TOKEN"] = "t";
    }

    /// <summary>Writes a file with the identifiers 1 to a number.</summary>
    protected void WriteUsers(string path, int rows) =>
        File.WriteAllLines(Path.Combine(Folder, path), Enumerable.Range(1, rows).Select(row => $"{row},{row}").Prepend("distinct_id,n"));

    /// <summary>The account of the tasks in a folder, as the examples show it, and its exit code.</summary>
    private protected PwshResult Account(string folder) => Run("-File", Script($$"""
        $account = & '{{Examples}}/import-account.ps1' {{folder}}
        $counts = 'Read', 'Accepted', 'Rejected', 'Unknown', 'Unsent', 'Found', 'Expected' | ForEach-Object { "$_=$($account.$_)" }
        "$counts"
        exit $LASTEXITCODE
        """));
}
