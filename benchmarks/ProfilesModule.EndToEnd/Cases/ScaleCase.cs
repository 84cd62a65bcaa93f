namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>Whether a file that is five times as long costs five times as much.</summary>
internal sealed class ScaleCase() : Case("scale", "net CPU a million rows of five times the rows against the same of one time")
{
    private const int Times = 5;

    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig)
    {
        var file = rig.Files.Sequential(rig.Options.Rows);
        var large = rig.Files.Sequential(rig.Options.Rows * Times);
        var runs = await rig.InTurnAsync(Rig.Start(), rig.Import("import", file, Large), rig.Import("import of five times the rows", large, Large));
        var (one, five) = (runs[1].Net(runs[0]), runs[2].Net(runs[0]));
        return [Result.RatioAtMost(1.05, $"{large.Rows:N0} rows, CPU a million", "s", five.CpuPerMillion, $"{file.Rows:N0} rows", one.CpuPerMillion, five.CpuPerMillion / one.CpuPerMillion, runs[2].CpuPerMillion / runs[1].CpuPerMillion)];
    }
}
