namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>The import into a service that is far away.</summary>
internal sealed class LatencyCase() : Case("latency", "the import with 100 ms of latency, -MaxConcurrency 16, against the limit program")
{
    private const int Milliseconds = 100;

    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig)
    {
        const string Parameters = "-BatchSize 2000 -MaxConcurrency 16";
        var file = rig.Files.Sequential(rig.Options.Rows);
        await rig.Sink.DelayAsync(Milliseconds);
        try
        {
            var runs = await rig.InTurnAsync(Rig.Start(), rig.Import("import", file, Parameters), rig.Limit(file, 16, 2000));
            var (gross, net, limit) = (runs[1], runs[1].Net(runs[0]), runs[2]);
            return [Result.RatioAtLeast(0.9, $"{Milliseconds} ms latency, concurrency 16, profiles/s", "/s", net.Rate, "limit program", limit.Rate, net.Rate / limit.Rate, gross.Rate / limit.Rate)];
        }
        finally
        {
            await rig.Sink.DelayAsync(0);
        }
    }
}
