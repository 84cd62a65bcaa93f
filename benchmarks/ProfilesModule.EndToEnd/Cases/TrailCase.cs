namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>What a journal and a reject file cost.</summary>
internal sealed class TrailCase() : Case("trail", "the import with -JournalPath and -RejectPath against the one without")
{
    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig) => [await RunAsync(rig, 2000, 0.95), await RunAsync(rig, 200, 0.85)];

    private static async Task<Result> RunAsync(Rig rig, int batchSize, double target)
    {
        var (journal, rejects) = (Rig.InFolder("trail.journal"), Rig.InFolder("trail.rejects.csv"));
        var file = rig.Files.Sequential(rig.Options.Rows);
        var parameters = $"-BatchSize {batchSize} -MaxConcurrency 4";
        var runs = await rig.InTurnAsync(
            Rig.Start(),
            rig.Import("import without a trail", file, parameters),
            rig.Import("import with a trail", file, $"{parameters} -JournalPath '{journal}' -RejectPath '{rejects}'") with { Prepare = Clean });
        var (without, with) = (runs[1], runs[2]);
        var (netWithout, netWith) = (without.Net(runs[0]), with.Net(runs[0]));
        return Result.RatioAtLeast(target, $"batch {batchSize:N0} with journal and reject file, profiles/s", "/s", netWith.Rate, "without", netWithout.Rate, netWith.Rate / netWithout.Rate, with.Rate / without.Rate);

        // A finished journal would be found, and nothing sent.
        void Clean()
        {
            foreach (var old in new[] { journal, journal + ".lock", rejects })
                File.Delete(old);
        }
    }
}
