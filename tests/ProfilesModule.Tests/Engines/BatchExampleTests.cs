using System.Diagnostics;
using System.Text.Json;
using ProfilesModule.Tests.Clients;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Engines;

/// <summary>What the examples give to engines that cannot be run here: that it is well-formed, and that its command lines work.</summary>
public sealed class BatchExampleTests : EngineTest
{
    private const int Rows = 1000;

    [SkippableFact]
    public void The_tasks_of_Azure_Batch_import_every_row_and_show_their_account()
    {
        Skip.If(OperatingSystem.IsWindows(), "The tasks are for Linux.");
        using var service = new RecordingService();
        var script = Path.Combine(Examples, "azure-batch", "New-ImportTask.ps1");
        var text = Run("-File", script, "-PartitionCount", "2", "-MaxUpdatesPerSecond", "5000");
        Assert.Equal((0, ""), (text.ExitCode, text.Errors));
        using var tasks = JsonDocument.Parse(text.Output);
        Assert.Equal(["users-0", "users-1", "account"], tasks.RootElement.EnumerateArray().Select(IdOf));
        Assert.Equal(["users-0", "users-1"], Texts(tasks.RootElement[2].GetProperty("dependsOn").GetProperty("taskIds")));

        Directory.CreateDirectory(Path.Combine(Folder, "data"));
        WriteUsers(Path.Combine("data", "users.csv"), Rows);
        Variables["AZ_BATCH_NODE_MOUNTS_DIR"] = Folder;
        foreach (var task in tasks.RootElement.EnumerateArray())
        {
            var line = task.GetProperty("commandLine").GetString()!;
            var result = RunShell(IdOf(task) == "account" ? line : line[..^1] + $" -Endpoint {service.Endpoint}'");
            Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        }

        Assert.Equal(Rows, service.Applied.Count);
        Assert.DoesNotContain(service.Applied, profile => profile.Value != 1);
        var counts = $"Read={Rows} Accepted={Rows} Rejected=0 Unknown=0 Unsent=0 Found=2 Expected=2\n";
        Assert.Equal(new PwshResult(0, counts, ""), Account("data/import"));
        using var job = JsonDocument.Parse(File.ReadAllText(Path.Combine(Examples, "azure-batch", "job.json")));
        Assert.True(job.RootElement.GetProperty("usesTaskDependencies").GetBoolean());
    }

    [SkippableFact]
    public async Task The_manifest_of_Kubernetes_is_valid_and_its_container_imports_its_partition()
    {
        Skip.If(OperatingSystem.IsWindows(), "The image is for Linux.");
        using var node = new NodeProject("kubernetes");
        await node.Install();
        var check = await node.Run("node", "validate.js", Path.Combine(Examples, "kubernetes", "import-users.yaml"));
        Assert.Equal((0, ""), (check.ExitCode, check.Errors));

        using var job = JsonDocument.Parse(check.Output);
        var spec = job.RootElement.GetProperty("spec");
        var container = spec.GetProperty("template").GetProperty("spec").GetProperty("containers")[0];
        string[] line = [.. Texts(container.GetProperty("command")), .. Texts(container.GetProperty("args"))];
        Assert.Equal(spec.GetProperty("completions").GetRawText(), line[Array.IndexOf(line, "-PartitionCount") + 1]);

        using var service = new RecordingService();
        WriteUsers("users.csv", Rows);
        Variables["JOB_COMPLETION_INDEX"] = "3";
        var here = line[1..].Select(text => WithModule(text.Replace("/data/", Folder + "/", StringComparison.Ordinal)));
        var result = Run([.. here, "-Endpoint", service.Endpoint.ToString()]);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        Assert.InRange(service.Applied.Count, 1, Rows / 8);
        Assert.True(File.Exists(Path.Combine(Folder, "import", "users-3.log")));
    }

    private static IEnumerable<string> Texts(JsonElement list) => list.EnumerateArray().Select(item => item.GetString()!);

    private static string? IdOf(JsonElement task) => task.GetProperty("id").GetString();

    /// <summary>A text that names the module of a node or an image, with the one that is tested.</summary>
    private static string WithModule(string text) => text.Replace("/opt/ProfilesModule", ModuleSession.RepositoryRoot, StringComparison.Ordinal);

    /// <summary>Runs a command line of a node.</summary>
    private PwshResult RunShell(string line)
    {
        var start = new ProcessStartInfo("sh", ["-c", WithModule(line)])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        return Finish(process);
    }
}
