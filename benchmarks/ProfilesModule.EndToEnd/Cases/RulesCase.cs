using System.Diagnostics;
using ProfilesModule.Csv;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Wire;

namespace ProfilesModule.Benchmarks.EndToEnd.Cases;

/// <summary>
/// What the rules cost of the way from a file to the body of a request. No parameter leaves them out, so they are timed alone:
/// the file read and held to them, less the file read.
/// </summary>
internal sealed class RulesCase() : Case("rules", "what all rules cost of the import, in this process")
{
    private const int Rounds = 15;

    public override async Task<IReadOnlyList<Result>> RunAsync(Rig rig)
    {
        var file = rig.Files.Sequential(rig.Options.Rows / 10);
        var (read, check, whole) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            read.Add(await SecondsAsync(() => Read(file.Path, null)));
            check.Add(await SecondsAsync(() => Read(file.Path, new(new()))));
            whole.Add(await SecondsAsync(() => UpdatesAsync(file.Path)));
        }

        var (with, rules) = (file.Rows / Median(whole), Median(check) - Median(read));
        var without = file.Rows / (Median(whole) - rules);
        return [Result.RatioAtLeast(0.9, "all rules on, to the body of a request, profiles/s", "/s", with, "without", without, with / without)];
    }

    private static CsvRows Open(string path)
    {
        var rows = DialectRows.Open(dialect => new CsvFormat().Open(path, dialect), new());
        rows.Plan = ColumnPlan.Create(rows.Header, 0, new() { UsesReservedNames = true });
        return rows;
    }

    private static Task Read(string path, RowRules? rules)
    {
        using var rows = Open(path);
        var columns = rows.Plan.Columns.Select(column => (column.Index, Rules: PropertyRules.Of(column.Property))).ToArray();
        for (var row = 1L; rows.Read(); row++)
        {
            if (rules is null)
            {
                _ = rows.Field(0).Length;
                foreach (var (index, _) in columns)
                    _ = rows.Field(index).Length;
                continue;
            }

            rules.BeginRow(new(row, rows.LineNumber, path));
            rules.CheckIdentifier(rows.Field(0), rows.Field(0), rows.IsPlaceholder, "distinct_id");
            foreach (var (index, property) in columns)
                property.CheckText(rows.Field(index), rules);
        }

        return Task.CompletedTask;
    }

    private static async Task UpdatesAsync(string path)
    {
        await using var sender = new UpdateSender(new DiscardingTransport(), new() { BatchSize = 2000 }, new(), TimeProvider.System);
        using var writer = new UpdateWriter(sender, "token");
        using var rows = Open(path);
        var updates = new FileUpdates(new CsvSourceFile(rows, new(path, null!, new(), rows.Header), new(), null!), Operation.Set, writer, new(new())) { IsStopped = () => sender.IsEnding };
        await updates.WriteAllAsync(default);
        await writer.FlushAsync();
        await sender.CompleteAsync();
    }

    private static async Task<double> SecondsAsync(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>A service that accepts everything at once and keeps nothing.</summary>
    private sealed class DiscardingTransport : IEngageTransport
    {
        private static readonly Task<Verdict> Accepted = Task.FromResult(new Verdict(VerdictKind.Accepted, 200, ""));

        public Task<Verdict> SendAsync(ReadOnlyMemory<byte> body, int updates, bool isRepeatable, CancellationToken cancellation) => Accepted;
    }
}
