using ProfilesModule.Benchmarks.EndToEnd.Runs;

namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>The pipeline that every administrator knows, against the script that one would write without the module.</summary>
internal sealed class ImportCsvCase() : Case("import-csv", "Import-Csv | Set-UserProfile against naive.ps1, whole process")
{
    private const double Target = 8;

    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig)
    {
        var file = rig.Files.Sequential(rig.Options.Rows / 10);
        var runs = await rig.InTurnAsync(
            Pwsh("Import-Csv | Set-UserProfile", "-Command", $$"""
                Import-Module '{{Rig.Module}}'
                Connect-UserProfileService -Endpoint '{{rig.Sink.Address}}' -Token benchmark
                Import-Csv '{{file.Path}}' | Set-UserProfile {{Large}} -ErrorAction Stop
                """),
            Pwsh("naive.ps1", "-File", Rig.Script("naive.ps1"), file.Path, new Uri(rig.Sink.Address, "engage").ToString()),
            Pwsh("Import-Csv | Set-Nothing", "-Command", $$"""
                Import-Module '{{Rig.EmptyModule}}'
                Import-Csv '{{file.Path}}' | Set-Nothing
                """) with { Arrives = null });
        return
        [
            Result.RatioAtLeast(Target, "Import-Csv \\| Set-UserProfile, rows/s, whole process", "/s", runs[0].Rate, "naive.ps1", runs[1].Rate, runs[0].Rate / runs[1].Rate),
            Result.Bound("Import-Csv into a cmdlet that does nothing: the most that one could reach", "/s", "naive.ps1", runs[1].Rate, runs[2].Rate),
        ];

        MeasuredProgram Pwsh(string name, params string[] arguments) => Rig.Pwsh(name, arguments) with { Rows = file.Rows, Arrives = (file.Rows, file.IdSum) };
    }
}
