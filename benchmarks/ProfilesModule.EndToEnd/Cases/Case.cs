namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>Something that is measured, with what is asked of it.</summary>
/// <param name="name">What it is called on the command line.</param>
/// <param name="summary">What it measures.</param>
internal abstract class Case(string name, string summary)
{
    /// <summary>The batch size and the concurrency that targets are for, unless they say otherwise.</summary>
    protected const string Large = "-BatchSize 2000 -MaxConcurrency 4";

    /// <summary>Every case, in the order of the table.</summary>
    public static IReadOnlyList<Case> All { get; } =
    [
        new ImportCase(), new TrailCase(), new StateCase(), new PartitionCase(), new DefaultsCase(), new LatencyCase(), new ScaleCase(),
        new RulesCase(), new ObjectsCase(), new ImportCsvCase(), new QueryCase(), new PeerCase(), new ImportModuleCase(), new ServiceCase(),
    ];

    public string Name { get; } = name;

    public string Summary { get; } = summary;

    /// <summary>Measures it.</summary>
    public abstract Task<IReadOnlyList<Result>> RunAsync(Rig rig);
}
