namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>What the rules for values cost.</summary>
internal sealed class RulesCase() : Case("rules", "the import with all rules on against the one without")
{
    // The two programs are to be Rig.Import with the parameter that leaves the rules out and without it, as TrailCase compares two.
    public override Task<IReadOnlyList<Result>> RunAsync(Rig rig) => Task.FromResult<IReadOnlyList<Result>>(
        [Result.NotRun("all rules on, profiles/s against none", "≥ 0.9 ×", "the module has no rules for values yet")]);
}
