using System.Text;
using ProfilesModule.Benchmarks.EndToEnd.Runs;

namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>Rows of the pipeline, counted inside the process: only the pipeline into Set-UserProfile.</summary>
internal sealed class ObjectsCase() : Case("objects", "data rows, hashtables and objects through Set-UserProfile, rows/s inside the process")
{
    private static readonly (string Kind, string What, double Target)[] Sources =
        [("DataRow", "DataRow pipeline", 250_000), ("Hashtable", "hashtables", 220_000), ("Object", "PSCustomObject pipeline", 120_000)];

    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig)
    {
        var runs = await rig.InTurnAsync([.. Sources.Select(source => Program(rig, source.Kind))]);
        return [.. Sources.Zip(runs, (source, run) => Result.AtLeast(source.Target, $"{source.What}, {run.Rows:N0} rows, rows/s inside the process", "/s", run.Rows / run.Figures["seconds"]))];
    }

    private static MeasuredProgram Program(Rig rig, string kind)
    {
        var file = rig.Files.Tabs(rig.Options.Rows / 10);
        return Rig.Pwsh(kind, "-File", Rig.Script("objects.ps1"), "-Endpoint", rig.Sink.Address.ToString(), "-Path", file.Path, "-Kind", kind) with
        {
            Rows = file.Rows,
            Arrives = (file.Rows + 1, file.IdSum + IdChecksum.Of(Encoding.UTF8.GetBytes("first"))),
        };
    }
}
