namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>The import of a large file, against the least that a program must do.</summary>
internal sealed class ImportCase() : Case("import", "Import-UserProfileCsv against the limit program: speed, CPU, memory")
{
    private const double MemoryTarget = 175;
    private const double GrowthTarget = 10;

    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig)
    {
        var file = rig.Files.Sequential(rig.Options.Rows);
        var tenth = rig.Files.Sequential(rig.Options.Rows / 10);
        var runs = await rig.InTurnAsync(Rig.Start(), rig.Import("import", file, Large), rig.Limit(file, 4, 2000), rig.Import("import of a tenth", tenth, Large));
        var (gross, limit, small) = (runs[1], runs[2], runs[3]);
        var net = gross.Net(runs[0]);
        return
        [
            Result.RatioAtLeast(0.75, "batch 2,000, profiles/s", "/s", net.Rate, "limit program", limit.Rate, net.Rate / limit.Rate, gross.Rate / limit.Rate),
            Result.RatioAtMost(1.5, "CPU a million", "s", net.CpuPerMillion, "limit program", limit.CpuPerMillion, net.CpuPerMillion / limit.CpuPerMillion, gross.CpuPerMillion / limit.CpuPerMillion),
            Result.AtMost(MemoryTarget, "peak RSS", "MB", gross.PeakMegabytes, $"limit program: {limit.PeakMegabytes:0} MB"),
            Result.AtMost(GrowthTarget, "peak RSS over that of a tenth of the rows", "MB", gross.PeakMegabytes - small.PeakMegabytes, $"a tenth: {small.PeakMegabytes:0} MB"),
        ];
    }
}
