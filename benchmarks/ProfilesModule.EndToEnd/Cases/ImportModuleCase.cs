using ProfilesModule.Benchmarks.EndToEnd.Runs;

namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>What it costs to import the module, over a binary module that has nothing in it.</summary>
internal sealed class ImportModuleCase() : Case("import-module", "Import-Module over an empty binary module, in the Shell and in pwsh")
{
    private const double Target = 60;

    // A start takes little, and its differences are small.
    private const int RunsForOne = 4;

    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig)
    {
        var manifest = EmptyModule();
        const string InPwsh = "Import-Module in pwsh, over an empty module";
        return
        [
            await RunAsync(
                rig,
                "start of the Shell with the module, over one with an empty module",
                Rig.Shell("Shell with the module", "-Command", "1"),
                new("Shell with an empty module", "dotnet", [Path.Combine(CopyShell(), "ProfilesModule.Shell.dll"), "-Command", "1"])),
            rig.Options.Pwsh is { } pwsh
                ? await RunAsync(rig, InPwsh, Pwsh(pwsh, "pwsh with the module", Path.Combine(Rig.Repository, "ProfilesModule.psd1")), Pwsh(pwsh, "pwsh with an empty module", manifest))
                : Result.NotRun(InPwsh, $"≤ {Target} ms", "needs --pwsh"),
        ];
    }

    private static MeasuredProgram Pwsh(string pwsh, string name, string manifest) => new(name, pwsh, ["-NoProfile", "-NonInteractive", "-Command", $"Import-Module '{manifest}'"]);

    private static async Task<Result> RunAsync(Rig rig, string what, MeasuredProgram with, MeasuredProgram without)
    {
        var runs = await rig.InTurnAsync(rig.Options.Runs * RunsForOne, with, without);
        var (here, there) = (runs[0].Seconds, runs[1].Seconds);
        return Result.AtMost(Target, what, "ms", (here - there) * 1000, $"{here * 1000:0} ms, empty: {there * 1000:0} ms");
    }

    /// <summary>An empty module under the name and in the layout in which the Shell finds its module.</summary>
    private static string EmptyModule()
    {
        var bin = Directory.CreateDirectory(Rig.InFolder("empty-module/bin")).FullName;
        File.Copy(Rig.Assembly("benchmarks/ProfilesModule.EmptyModule"), Path.Combine(bin, "ProfilesModule.dll"), overwrite: true);
        var manifest = Rig.InFolder("empty-module/ProfilesModule.psd1");
        File.Copy(Rig.Script("EmptyModule.psd1"), manifest, overwrite: true);
        return manifest;
    }

    /// <summary>The Shell, which imports the module that is in a folder above it, once more below the empty module.</summary>
    private static string CopyShell()
    {
        var from = Path.GetDirectoryName(Rig.Assembly("src/ProfilesModule.Shell"))!;
        var to = Rig.InFolder("empty-module/shell");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        return to;
    }
}
