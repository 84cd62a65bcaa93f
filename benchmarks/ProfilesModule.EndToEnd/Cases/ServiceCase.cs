using ProfilesModule.Benchmarks.EndToEnd.Runs;

namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>The embedded service on an SQLite file, in one process with who asks it. Figures are of the command alone.</summary>
internal sealed class ServiceCase() : Case("service", "the embedded service on an SQLite file: imports, and reading everything")
{
    private const double GrowthTarget = 10;

    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig)
    {
        var (sequential, random) = (rig.Files.Sequential(rig.Options.Rows), rig.Files.Random(rig.Options.Rows));
        var runs = await rig.InTurnAsync(
            Write("sequential ids", "sequential.db", sequential),
            Write("random ids", "random.db", random),
            Read("read all", "sequential.db", sequential.Rows),
            Read("read a tenth", "sequential.db", sequential.Rows / 10));
        var (all, tenth) = (runs[2], runs[3]);
        return
        [
            Result.AtLeast(60_000, "SQLite file, sequential ids, profiles/s", "/s", Rate(runs[0])),
            Result.AtLeast(20_000, "SQLite file, random ids, profiles/s", "/s", Rate(runs[1])),
            Result.AtLeast(40_000, "Get-UserProfile of all, profiles/s", "/s", Rate(all)),
            Result.AtMost(GrowthTarget, "its peak RSS over that of reading a tenth", "MB", all.PeakMegabytes - tenth.PeakMegabytes, $"{all.PeakMegabytes:0} MB, a tenth: {tenth.PeakMegabytes:0} MB"),
        ];
    }

    private static double Rate(Measured run) => run.Rows / run.Figures["seconds"];

    private static MeasuredProgram Write(string name, string database, ProfileFile file) =>
        Rig.Pwsh(name, "-File", Rig.Script("service-import.ps1"), "-Database", Rig.InFolder(database), "-Path", file.Path, "-Rows", $"{file.Rows}") with { Rows = file.Rows, Prepare = () => Delete(database) };

    private static MeasuredProgram Read(string name, string database, int rows) =>
        Rig.Pwsh(name, "-File", Rig.Script("service-read.ps1"), "-Database", Rig.InFolder(database), "-Rows", $"{rows}") with { Rows = rows };

    private static void Delete(string database)
    {
        foreach (var suffix in new[] { "", "-wal", "-shm" })
            File.Delete(Rig.InFolder(database) + suffix);
    }
}
