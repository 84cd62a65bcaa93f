using ProfilesModule.Benchmarks.EndToEnd.Runs;

namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>The pipeline that every administrator knows, against the script that one would write without the module.</summary>
internal sealed class ImportCsvCase() : Case("import-csv", "Import-Csv | Set-UserProfile in pwsh against naive.ps1")
{
    private const double Target = 8;

    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig)
    {
        const string What = "Import-Csv \\| Set-UserProfile in pwsh, rows/s, whole process";
        if (rig.Options.Pwsh is not { } pwsh)
            return [Result.NotRun(What, $"≥ {Target} ×", "needs --pwsh")];
        var file = rig.Files.Sequential(rig.Options.Rows / 10);
        var runs = await rig.InTurnAsync(
            Pwsh("Import-Csv | Set-UserProfile", file, "-Command", $$"""
                Import-Module '{{Path.Combine(Rig.Repository, "ProfilesModule.psd1")}}'
                Connect-UserProfileService -Endpoint '{{rig.Sink.Address}}' -Token benchmark
                Import-Csv '{{file.Path}}' | Set-UserProfile {{Large}} -ErrorAction Stop
                """),
            Pwsh("naive.ps1", file, "-File", Rig.Script("naive.ps1"), file.Path, new Uri(rig.Sink.Address, "engage").ToString()),
            Pwsh("Import-Csv | Set-Nothing", file, "-Command", $$"""
                Import-Module '{{Rig.Assembly("benchmarks/ProfilesModule.EmptyModule")}}'
                Import-Csv '{{file.Path}}' | Set-Nothing
                """) with { Arrives = null });
        return
        [
            Result.RatioAtLeast(Target, What, "/s", runs[0].Rate, "naive.ps1", runs[1].Rate, runs[0].Rate / runs[1].Rate),
            Result.Bound("Import-Csv into a cmdlet that does nothing: the most that one could reach", "/s", "naive.ps1", runs[1].Rate, runs[2].Rate),
        ];

        MeasuredProgram Pwsh(string name, ProfileFile rows, params string[] arguments) =>
            new(name, pwsh, ["-NoProfile", "-NonInteractive", .. arguments]) { Rows = rows.Rows, Arrives = (rows.Rows, rows.IdSum) };
    }
}
