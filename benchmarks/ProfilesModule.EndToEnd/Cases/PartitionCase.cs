using System.Diagnostics;
using System.Text;
using ProfilesModule.Model;

namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>How fast a task passes over the rows of others, and what several tasks at once are worth.</summary>
internal sealed class PartitionCase() : Case("partition", "a task of 16 against the import of its own rows; 4 tasks with 4 sinks at once against one import")
{
    private const double SkipTarget = 3_000_000;
    private const int Tasks = 4;

    private static readonly Partition One = new(3, 16);

    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig)
    {
        var file = rig.Files.Sequential(rig.Options.Rows);
        var own = Own(file, One);
        var skipped = file.Rows - own.Rows;
        var runs = await rig.InTurnAsync(rig.Import("a task of 16", file with { Rows = own.Rows, IdSum = own.IdSum }, In(One)), rig.Import("its own rows", own, Large));
        var (task, rows) = (runs[0], runs[1]);
        var (together, alone) = await TogetherAsync(rig, file);
        return
        [
            Result.AtLeast(SkipTarget, "rows of others passed over by a task of 16, rows/s", "/s", skipped / (task.Seconds - rows.Seconds), $"the task: {task.Seconds:0.00} s, its own rows alone: {rows.Seconds:0.00} s"),
            Result.RatioAtLeast(0, $"{Tasks} tasks at once, each with a sink, profiles/s, whole processes", "/s", file.Rows / together, "one import", file.Rows / alone, alone / together) with { Target = "", IsMet = null },
        ];
    }

    private static string In(Partition partition) => $"{Large} -Partition {partition.Number} -PartitionCount {partition.Count}";

    /// <summary>The median seconds of all tasks at once, and of one import.</summary>
    private static async Task<(double Together, double Alone)> TogetherAsync(Rig rig, ProfileFile file)
    {
        var sinks = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ => Rig.StartSinkAsync()));
        try
        {
            var tasks = sinks.Select((sink, i) => (Sink: sink, Program: rig.Import($"task {i}", Part(file, new(i, Tasks)), In(new(i, Tasks)), sink))).ToArray();
            var (together, alone) = (new List<double>(), new List<double>());
            for (var run = 1; run <= rig.Options.Runs; run++)
            {
                var started = Stopwatch.GetTimestamp();
                await Task.WhenAll(tasks.Select(task => Task.Run(() => task.Program.RunAsync(task.Sink))));
                together.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                alone.Add((await rig.Import("one import", file, Large).RunAsync(rig.Sink)).Seconds);
                await Console.Error.WriteLineAsync($"run {run}, {Tasks} tasks at once: {together[^1]:0.00} s, one import: {alone[^1]:0.00} s");
            }

            return (Median(together), Median(alone));
        }
        finally
        {
            foreach (var sink in sinks)
                sink.Dispose();
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>A file, of which a partition arrives.</summary>
    private static ProfileFile Part(ProfileFile file, Partition partition)
    {
        var ids = File.ReadLines(file.Path).Skip(1).Select(IdOf).Where(id => partition.Has(id));
        return ids.Aggregate(file with { Rows = 0, IdSum = 0 }, (part, id) => part with { Rows = part.Rows + 1, IdSum = part.IdSum + IdChecksum.Of(id) });
    }

    /// <summary>The rows of a partition, as a file of their own.</summary>
    private static ProfileFile Own(ProfileFile file, Partition partition)
    {
        var part = Part(file, partition) with { Path = Rig.InFolder($"partition-{file.Rows}.csv") };
        File.WriteAllLines(part.Path, File.ReadLines(file.Path).Take(1).Concat(File.ReadLines(file.Path).Skip(1).Where(line => partition.Has(IdOf(line)))));
        return part;
    }

    private static byte[] IdOf(string line) => Encoding.UTF8.GetBytes(line[..line.IndexOf(',', StringComparison.Ordinal)]);
}
