using System.Globalization;
using System.Runtime.Versioning;
using ProfilesModule.Tests.Hosting;
using Xunit.Abstractions;

namespace ProfilesModule.Tests.Engines;

/// <summary>
/// One file that the tasks of a Slurm job array import, as examples/slurm teaches it. PROFILES_SLURM_ROWS says how many rows it has;
/// default 60,000.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class SlurmTests(ITestOutputHelper output) : EngineTest
{
    // As in the example.
    private const int Partitions = 16;

    // What a run has in flight at most: the defaults of an import.
    private const int InFlight = 4 * 200;

    private static readonly int Rows =
        int.Parse(Environment.GetEnvironmentVariable("PROFILES_SLURM_ROWS") ?? "60000", CultureInfo.InvariantCulture);

    [SkippableFact]
    public async Task Every_row_arrives_once_and_all_tasks_have_one_account()
    {
        Skip.If(SlurmCluster.Missing is not null, SlurmCluster.Missing);
        await using var service = new HeldService(Rows);
        using var cluster = new SlurmCluster(Variables);
        var job = Submit(cluster, service, "Set");
        cluster.Await("all tasks end", () => cluster.Tasks(job).Count == 0);

        Assert.Equal(new PwshResult(0, Counts(Rows, 0, Partitions), ""), Account("import"));
        Assert.All(service.Deliveries.Skip(1), count => Assert.Equal(1, count));
    }

    [SkippableFact]
    public async Task Every_row_arrives_although_tasks_are_killed_and_a_node_is_lost()
    {
        Skip.If(SlurmCluster.Missing is not null, SlurmCluster.Missing);
        await using var service = new HeldService(Rows);
        using var cluster = new SlurmCluster(Variables);
        var killed = await ImportAndKill(cluster, service, "Set");
        var resent = service.Deliveries.Sum(count => Math.Max(0, count - 1));
        output.WriteLine($"{killed} tasks killed, {resent} updates sent again.");

        Assert.Equal(new PwshResult(0, Counts(Rows, 0, Partitions), ""), Account("import"));
        Assert.DoesNotContain(service.Deliveries.Skip(1), count => count == 0);
        Assert.InRange(resent, 0, killed * InFlight);
    }

    [SkippableFact]
    public async Task No_number_is_added_twice_although_tasks_are_killed_and_a_node_is_lost()
    {
        Skip.If(SlurmCluster.Missing is not null, SlurmCluster.Missing);
        await using var service = new HeldService(Rows);
        using var cluster = new SlurmCluster(Variables);
        var killed = await ImportAndKill(cluster, service, "Add");
        var unknown = Directory.GetFiles(Path.Combine(Folder, "import"), "*.rejected.csv")
            .SelectMany(path => RejectedRow.ReadFile(path, "distinct_id,n"))
            .Select(row => (Row: int.Parse(row.Fields[0], CultureInfo.InvariantCulture), row.ErrorId))
            .ToArray();
        output.WriteLine($"{killed} tasks killed, {unknown.Length} rows unknown.");

        Assert.All(unknown, row => Assert.Equal("OutcomeUnknown", row.ErrorId));
        Assert.InRange(unknown.Length, 1, killed * InFlight);
        Assert.Equal(new PwshResult(1, Counts(Rows - unknown.Length, unknown.Length, Partitions), ""), Account("import"));
        Assert.DoesNotContain(service.Deliveries, count => count > 1);
        var known = Enumerable.Range(1, Rows).Except(unknown.Select(row => row.Row));
        Assert.All(known, row => Assert.Equal(1, service.Deliveries[row]));
    }

    [SkippableFact]
    public async Task A_task_waits_while_its_predecessor_still_runs_on_a_node_that_is_cut_off()
    {
        Skip.If(SlurmCluster.Missing is not null, SlurmCluster.Missing);
        await using var service = new HeldService(Rows);
        using var cluster = new SlurmCluster(Variables);
        var held = service.HoldAsync(Rows / 2);
        var job = Submit(cluster, service, "Set", "--array=0-1");
        await held.WaitAsync(SlurmCluster.Limit);
        var node = cluster.Tasks(job)[0].Node;
        cluster.CutOff(node);
        cluster.Await("both tasks run elsewhere", () => cluster.Tasks(job).All(task => task.State == "RUNNING" && task.Node != node));
        service.Release();
        cluster.Await("all tasks end", () => cluster.Tasks(job).Count == 0);

        Assert.Equal(new PwshResult(0, Counts(Rows, 0, 2), ""), Account("import"));
        Assert.All(service.Deliveries.Skip(1), count => Assert.Equal(1, count));
    }

    private string Submit(SlurmCluster cluster, HeldService service, string operation, params string[] options)
    {
        Variables["PROFILES_MODULE"] = ModuleSession.RepositoryRoot;

        // Of the start of so many a quarter goes into measuring for the compiler.
        Variables["DOTNET_TieredPGO"] = "0";
        WriteUsers("users.csv", Rows);
        var mapping = $$"""{ "operation": "{{operation}}", "propertyType": { "n": "Number" } }""";
        File.WriteAllText(Path.Combine(Folder, "mapping.json"), mapping);
        return cluster.Submit(
        [
            $"--chdir={Folder}", .. options, Path.Combine(Examples, "slurm", "import-users.sbatch"),
            "users.csv", "import", "-MappingPath", "mapping.json", "-Endpoint", service.Endpoint.ToString(),
        ]);
    }

    /// <summary>Kills three tasks, ends one as if its time were over, and lets a node vanish, each while replies are awaited.</summary>
    /// <returns>How many tasks had to be started again.</returns>
    private async Task<int> ImportAndKill(SlurmCluster cluster, HeldService service, string operation)
    {
        const int Steps = 6;
        var held = service.HoldAsync(Rows / Steps);
        var job = Submit(cluster, service, operation);
        for (var kill = 1; kill <= 4; kill++)
        {
            await held.WaitAsync(SlurmCluster.Limit);
            var task = Sending(cluster, job)[0];
            if (kill == 4)
                cluster.Warn(job, task.Index);
            else
                cluster.Requeue(job, task.Index);

            // Once there is no reply as long as the task is willing to wait.
            if (kill == 1)
                cluster.Await("the task waits again", () => cluster.Tasks(job).Single(t => t.Index == task.Index).State == "PENDING");
            service.Release();
            held = service.HoldAsync((long)Rows * (kill + 1) / Steps);
        }

        await held.WaitAsync(SlurmCluster.Limit);
        var lost = Sending(cluster, job)[0].Node;
        var tasks = cluster.Tasks(job).Count(task => task.Node == lost);
        cluster.CutPower(lost);
        service.Release();
        cluster.Await("all tasks end", () => cluster.Tasks(job).Count == 0);
        return 4 + tasks;
    }

    /// <summary>The tasks that are sending: one that has written its account may end before it can be killed.</summary>
    private SlurmTask[] Sending(SlurmCluster cluster, string job)
    {
        SlurmTask[] tasks = [];
        cluster.Await("a task sends", () => (tasks = [.. cluster.Tasks(job).Where(IsSending)]).Length > 0);
        return tasks;
    }

    private bool IsSending(SlurmTask task)
    {
        var log = Path.Combine(Folder, "import", $"users-{task.Index}.log");
        return task.State == "RUNNING" && File.Exists(log)
            && File.ReadLines(log).LastOrDefault()?.Contains("\"event\":\"end\"", StringComparison.Ordinal) == false;
    }

    private static string Counts(int accepted, int unknown, int tasks) =>
        $"Read={Rows} Accepted={accepted} Rejected=0 Unknown={unknown} Unsent=0 Found={tasks} Expected={tasks}\n";
}
