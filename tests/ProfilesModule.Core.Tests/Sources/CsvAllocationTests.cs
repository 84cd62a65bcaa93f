using System.Globalization;
using System.Text;
using ProfilesModule.Core.Tests.Delivery;
using ProfilesModule.Core.Tests.Server;
using ProfilesModule.Csv;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Core.Tests.Sources;

/// <summary>Runs alone: what other tests allocate would be counted with it.</summary>
[CollectionDefinition(nameof(CsvAllocationTests), DisableParallelization = true)]
[Collection(nameof(CsvAllocationTests))]
public sealed class CsvAllocationTests
{
    [Fact]
    public async Task A_row_costs_next_to_no_allocation()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("users.csv");
        await File.WriteAllTextAsync(path, Text(60_000));

        // The batches of a run are made once and reused, but when the last is made is a matter of chance: the best of some runs counts.
        var least = double.MaxValue;
        for (var i = 0; i < 6; i++)
            least = Math.Min(least, await AllocatedPerRowAsync(path));
        Assert.InRange(least, 0, 16);
    }

    private static string Text(int rows)
    {
        var text = new StringBuilder("id,$name,$email,$city,note,age,$phone,$created,$country_code,$timezone\n");
        for (var i = 1; i <= rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"{i},User {i},user{i}@example.com,Tromsø,\"says \"\"hi\"\", often\",{i % 90},+41446681800,2026-01-31T12:00:00,CH,Europe/Zurich\n");
        return text.ToString();
    }

    /// <summary>What a row of the second half of a file costs, in bytes.</summary>
    private static async Task<double> AllocatedPerRowAsync(string path)
    {
        const int RowsBetweenReports = 256;
        var (reports, before, after) = (0, 0L, 0L);
        await using var sender = new UpdateSender(new AcceptingTransport(), new() { BatchSize = 2000, MaxConcurrency = 1 }, new(), TimeProvider.System);
        using var writer = new UpdateWriter(sender, "token");
        using var rows = new CsvRows(new CsvFormat().Open(path, new()), new());
        rows.Plan = ColumnPlan.Create(rows.Header, 0, new());
        await new FileUpdates(new CsvSourceFile(rows, new(path, null!, new(), rows.Header), new(), null!), Operation.Set, writer, new(new()))
        {
            IsStopped = () => false,
            Advanced = _ =>
            {
                reports++;
                if (reports == 30_000 / RowsBetweenReports)
                    before = GC.GetTotalAllocatedBytes(precise: true);
                else if (reports == 60_000 / RowsBetweenReports)
                    after = GC.GetTotalAllocatedBytes(precise: true);
            },
        }.WriteAllAsync(default);
        await writer.CompleteAsync();
        Assert.Equal(60_000, sender.Account.Accepted);
        return (after - before) / 30_000d;
    }
}
