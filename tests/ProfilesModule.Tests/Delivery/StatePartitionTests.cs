using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>States of tasks that share an input.</summary>
public sealed class StatePartitionTests : IDisposable
{
    private readonly ModuleSession _session = new();
    private readonly TemporaryFolder _folder = new();

    public StatePartitionTests() => _session.Run("$server = Start-UserProfileServer").Succeeded();

    public void Dispose()
    {
        _session.Run("Stop-UserProfileServer");
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Each_task_removes_what_is_missing_of_its_partition()
    {
        Write(30);
        Assert.Equal(30L, Total("Accepted", 3));
        Write(28);
        Assert.Equal((28L, 2L), (Total("Unchanged", 3, "-RemoveMissing -MaxRemovePercent 100 -WhatIf"), Total("Removed", 3, "-RemoveMissing -MaxRemovePercent 100")));
        Assert.Equal(28, Profiles());
    }

    [Fact]
    public void With_another_number_of_partitions_nobody_is_removed()
    {
        Write(30);
        Total("Accepted", 3);
        foreach (var count in (int[])[2, 4, 1])
        {
            for (var number = 0; number < count; number++)
            {
                // The state of the task with this number, when there were three.
                var result = Import(number, count, "-RemoveMissing -MaxRemovePercent 100");
                Assert.Equal(0L, result.Value("Removed"));
            }
        }

        _session.Run("Import-UserProfileCsv $folder/a.csv -StatePath $folder/0.db -RemoveMissing -MaxRemovePercent 100 -Confirm:$false");
        Assert.Equal(30, Profiles());
    }

    [Fact]
    public void The_runs_of_a_state_say_which_partition_it_was()
    {
        Write(30);
        Import(2, 3, "").Succeeded();
        _session.Run("Import-Csv $folder/a.csv | Set-UserProfile -StatePath \"$folder/{partition}.db\" -Partition 2 -PartitionCount 3").Succeeded();
        var runs = _session.Run("Get-UserProfileSync $folder/2.db").Succeeded().Output;
        Assert.Equal(2, runs.Count);
        Assert.All(runs, run => Assert.Equal((2, 3), (run.Properties["Partition"].Value, run.Properties["PartitionCount"].Value)));
        Assert.Equal(runs[0].Properties["Accepted"].Value, runs[1].Properties["Unchanged"].Value);
    }

    private long Total(string count, int partitions, string parameters = "") =>
        Enumerable.Range(0, partitions).Sum(number => (long)Import(number, partitions, parameters).Succeeded().Value(count)!);

    private ScriptResult Import(int number, int count, string parameters) => _session.Run(
        $"Import-UserProfileCsv $folder/a.csv -Partition {number} -PartitionCount {count} -StatePath \"$folder/{{partition}}.db\" -Confirm:$false {parameters}",
        new { folder = _folder.Path });

    private void Write(int rows) =>
        _folder.Write("a.csv", "distinct_id,v\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"user{i},{i}\n")));

    private int Profiles() => _session.Run("Get-UserProfile").Succeeded().Output.Count;
}
