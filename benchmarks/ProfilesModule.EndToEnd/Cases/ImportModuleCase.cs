namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>What it costs to import the module, over a binary module that has nothing in it.</summary>
internal sealed class ImportModuleCase() : Case("import-module", "Import-Module over an empty binary module")
{
    private const double Target = 60;

    // A start takes little, and its differences are small.
    private const int RunsForOne = 4;

    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig)
    {
        var runs = await rig.InTurnAsync(rig.Options.Runs * RunsForOne, Rig.Start(), Rig.Start(Rig.EmptyModule));
        var (here, there) = (runs[0].Seconds, runs[1].Seconds);
        return [Result.AtMost(Target, "Import-Module, over an empty module", "ms", (here - there) * 1000, $"{here * 1000:0} ms, empty: {there * 1000:0} ms")];
    }
}
