using CsCheck;
using ProfilesModule.Core.Tests.Fuzz;
using ProfilesModule.Core.Tests.Server;
using ProfilesModule.Delivery.Trail;

namespace ProfilesModule.Core.Tests.Partitions;

/// <summary>The tasks that share a file do together what one import of it does.</summary>
public sealed class PartitionedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>CsCheck prints the seed of a file that fails, and takes it in the environment variable CsCheck_Seed.</summary>
    [Fact]
    public void Tasks_add_up_to_one_import_of_any_file() => Gen.Select(HostileCsv.Any, Gen.Int[1, 5]).Sample(
        (csv, count) => CheckAsync(csv, count).GetAwaiter().GetResult(), iter: 200, threads: 1);

    private async Task CheckAsync(HostileCsv csv, int count)
    {
        var path = _folder.File("a.csv");
        await File.WriteAllBytesAsync(path, csv.Bytes);
        var whole = await ImportAsync(path, csv);
        if (whole is null)
            return;
        var parts = new List<FuzzedImport>();
        for (var number = 0; number < count; number++)
            parts.Add((await ImportAsync(path, csv, new(number, count)))!);
        long Sum(Func<DeliveryAccount, long> value) => parts.Sum(part => value(part.Account));

        var account = whole.Account;
        Assert.Equal(
            (account.Read, account.Accepted, account.Rejected, account.Skipped, account.Unsent),
            (Sum(a => a.Read), Sum(a => a.Accepted), Sum(a => a.Rejected), Sum(a => a.Skipped), Sum(a => a.Unsent)));
        Assert.Equal(whole.Taken.Order(StringComparer.Ordinal), parts.SelectMany(part => part.Taken).Order(StringComparer.Ordinal));
        Assert.Equal(whole.AcceptedLines.Order(), parts.SelectMany(part => part.AcceptedLines).Order());
        Assert.All(parts, part => Assert.Equal(account.Read, part.Account.Read + part.OtherPartitions));
        Assert.All(parts, part => Assert.Equal(whole.BrokeOff, part.BrokeOff));
    }

    private Task<FuzzedImport?> ImportAsync(string path, HostileCsv csv, Model.Partition? partition = null) =>
        FuzzedImport.RunAsync(path, csv, _folder.File("bad.csv"), _ => false, partition: partition);
}
