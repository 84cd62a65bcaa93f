namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>What a row of a CSV file allocates. It is a test, since it is the same on every machine.</summary>
internal sealed class AllocationCase() : Case("allocation", "bytes allocated for a row of a CSV file: asserted by a test, and so not run here")
{
    public override Task<IReadOnlyList<Result>> RunAsync(Rig rig) => Task.FromResult<IReadOnlyList<Result>>(
        [Result.NotRun("allocation on the CSV path, discarding transport, batch 2,000", "≤ 16 B a row", "asserted by `CsvAllocationTests`")]);
}
