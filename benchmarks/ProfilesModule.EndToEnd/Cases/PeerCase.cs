using System.ComponentModel;
using System.Diagnostics;
using ProfilesModule.Benchmarks.EndToEnd.Runs;

namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>The program that others use for this, from npm, changed in nothing but the host. Installed into the folder of the benchmarks.</summary>
internal sealed class PeerCase() : Case("mixpanel-import", "the import against npm's mixpanel-import, gross")
{
    private const double RateTarget = 6;
    private const double CpuTarget = 0.2;
    private const string Rate = "against mixpanel-import, profiles/s, whole process";
    private const string Cpu = "against mixpanel-import, CPU a million, whole process";

    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig)
    {
        if (await InstallAsync() is { } problem)
            return [Result.NotRun(Rate, $"≥ {RateTarget} ×", problem), Result.NotRun(Cpu, $"≤ {CpuTarget} ×", problem)];
        var file = rig.Files.Sequential(rig.Options.Rows);
        var runs = await rig.InTurnAsync(
            rig.Import("import", file, Large),
            new MeasuredProgram("mixpanel-import", "node", [Folder("mixpanel-import.js"), file.Path, rig.Sink.Address.ToString()]) { Rows = file.Rows, Arrives = (file.Rows, file.IdSum) });
        var (here, there) = (runs[0], runs[1]);
        return
        [
            Result.RatioAtLeast(RateTarget, Rate, "/s", here.Rate, "mixpanel-import", there.Rate, here.Rate / there.Rate),
            Result.RatioAtMost(CpuTarget, Cpu, "s", here.CpuPerMillion, "mixpanel-import", there.CpuPerMillion, here.CpuPerMillion / there.CpuPerMillion),
        ];
    }

    private static string Folder(string file) => Path.Combine(Rig.InFolder("mixpanel-import"), file);

    /// <summary>Installs it, unless it is there; why that is not possible, else null.</summary>
    private static async Task<string?> InstallAsync()
    {
        Directory.CreateDirectory(Rig.InFolder("mixpanel-import"));
        foreach (var file in new[] { "package.json", "mixpanel-import.js" })
            File.Copy(Rig.Script(file), Folder(file), overwrite: true);
        try
        {
            var start = new ProcessStartInfo(
                OperatingSystem.IsWindows() ? "npm.cmd" : "npm",
                ["install", "--prefer-offline", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"])
            {
                WorkingDirectory = Rig.InFolder("mixpanel-import"),
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var npm = Process.Start(start)!;
            var output = npm.StandardOutput.ReadToEndAsync();
            var errors = await npm.StandardError.ReadToEndAsync();
            await output;
            await npm.WaitForExitAsync();
            return npm.ExitCode == 0 ? null : $"npm cannot install it ({errors.Split('\n')[0].Trim()})";
        }
        catch (Win32Exception)
        {
            return "there is no npm here";
        }
    }
}
