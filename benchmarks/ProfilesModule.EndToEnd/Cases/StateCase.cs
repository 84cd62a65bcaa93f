namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>What a state costs when everything is sent, and how fast an import is that sends nothing.</summary>
internal sealed class StateCase() : Case("state", "the import with -StatePath: a first run against the one without, and a run without changes")
{
    private const double FirstTarget = 0.75;
    private const double UnchangedTarget = 500_000;
    private const double MemoryTarget = 200;
    private const double SizeTarget = 45;

    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig)
    {
        var state = Rig.InFolder("state.db");
        var file = rig.Files.Sequential(rig.Options.Rows);
        var parameters = $"{Large} -StatePath '{state}' -WarningAction Ignore";
        var size = 0L;

        // Each run without changes finds the state of the first run before it.
        var runs = await rig.InTurnAsync(
            Rig.Start(),
            rig.Import("import without a state", file, Large),
            rig.Import("first import with a state", file, parameters) with { Prepare = Clean },
            rig.Import("import without changes", file, parameters) with { Prepare = Measure, Arrives = (0, 0) });
        var (start, without, first, unchanged) = (runs[0], runs[1], runs[2], runs[3]);
        var (netWithout, netFirst) = (without.Net(start), first.Net(start));
        var perId = ((double)size / file.Rows) - IdLength(file);
        return
        [
            Result.RatioAtLeast(FirstTarget, "first run, profiles/s", "/s", netFirst.Rate, "without a state", netWithout.Rate, netFirst.Rate / netWithout.Rate, first.Rate / without.Rate),
            Result.AtLeast(UnchangedTarget, "run without changes, rows/s", "/s", unchanged.Net(start).Rate, $"gross: {unchanged.Rate:N0} /s"),
            Result.AtMost(MemoryTarget, "its peak RSS", "MB", unchanged.PeakMegabytes),
            Result.AtMost(SizeTarget, "state, bytes an identifier beyond its length", "B", perId),
        ];

        void Clean()
        {
            foreach (var old in new[] { state, state + "-wal", state + "-shm" })
                File.Delete(old);
        }

        void Measure() => size = new FileInfo(state).Length;
    }

    private static double IdLength(ProfileFile file) => File.ReadLines(file.Path).Skip(1).Take(file.Rows).Average(row => row.IndexOf(',', StringComparison.Ordinal));
}
