namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>The import as a user runs it who names no settings.</summary>
internal sealed class DefaultsCase() : Case("defaults", "the import with default settings (batch 200) against the limit program")
{
    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig)
    {
        var file = rig.Files.Sequential(rig.Options.Rows);
        var runs = await rig.InTurnAsync(Rig.Start(), rig.Import("import", file, ""), rig.Limit(file, 4, 200));
        var (gross, net, limit) = (runs[1], runs[1].Net(runs[0]), runs[2]);
        return [Result.RatioAtLeast(0.7, "default settings (batch 200), profiles/s", "/s", net.Rate, "limit program", limit.Rate, net.Rate / limit.Rate, gross.Rate / limit.Rate)];
    }
}
