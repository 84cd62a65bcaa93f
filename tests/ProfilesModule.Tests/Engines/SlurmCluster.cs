using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Engines;

/// <summary>A task of a job array.</summary>
internal sealed record SlurmTask(int Index, string State, string Node);

/// <summary>
/// A Slurm of a test's own: a controller and two nodes, n1 and n2, which are this machine, on loopback, in a folder of their own, by the
/// user of the tests.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class SlurmCluster : IDisposable
{
    /// <summary>The nodes.</summary>
    public static readonly IReadOnlyList<string> Nodes = ["n1", "n2"];

    /// <summary>Far more than anything takes: only a hang reaches it.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();
    private readonly SlurmProcesses _processes;

    /// <param name="variables">What the environment of tasks has besides the test's own.</param>
    public SlurmCluster(IReadOnlyDictionary<string, string> variables)
    {
        _processes = new(_folder.Write("slurm.conf", Configuration()), variables);
        Directory.CreateDirectory(_folder.File("state"));
        try
        {
            StartMunge();
            _processes.Start("slurmctld", null, "-D");
            foreach (var node in Nodes)
                _processes.Start("slurmd", node, "-D", "-N", node);
            Await("Slurm is ready", () => _processes.TryRun("sinfo", "--noheader", "--Node", "--format=%T") == "idle\nidle\n");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Why no cluster can be started; null when one can.</summary>
    public static string? Missing { get; } =
        OperatingSystem.IsWindows() ? "Slurm does not run on Windows."
        : Array.Exists(["munged", "slurmctld", "slurmd", "sbatch"], name => SlurmProcesses.Find(name) is null)
            ? "Slurm is not installed: apt-get install slurmctld slurmd slurm-client munge."
            : null;

    private string MungeSocket => _folder.File("munge.socket");

    /// <summary>Submits a script with options and arguments.</summary>
    /// <returns>The number of the job.</returns>
    public string Submit(params string[] arguments) => _processes.Run("sbatch", ["--parsable", .. arguments]).Trim();

    /// <summary>The tasks of a job array that have not ended.</summary>
    public IReadOnlyList<SlurmTask> Tasks(string job) =>
    [
        .. _processes.Run("squeue", "--noheader", "--array", $"--jobs={job}", "--format=%K %T %N")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Select(fields => new SlurmTask(int.Parse(fields[0], CultureInfo.InvariantCulture), fields[1], fields[2])),
    ];

    /// <summary>Ends a task and puts it back into the queue.</summary>
    public void Requeue(string job, int task) => _processes.Run("scontrol", "requeue", $"{job}_{task}");

    /// <summary>Sends the script of a task what it gets before its time is over.</summary>
    public void Warn(string job, int task)
    {
        // While other tasks of the array are pending, Slurm 22.05 signals the task and reports an error, and scancel tries nine times more.
        using var scancel = _processes.Start("scancel", null, "--batch", "--signal=USR1", $"{job}_{task}");
        Await("the task is warned", () => _processes.Output.Contains($"REQUEST_KILL_JOB JobId={job}_{task} ", StringComparison.Ordinal));
        scancel.Kill();
    }

    /// <summary>Cuts the power of a node: nothing that runs on it goes on.</summary>
    public void CutPower(string node)
    {
        _processes.Kill(node);
        SetDown(node);
    }

    /// <summary>Cuts a node off: what runs on it goes on, and the controller does not know.</summary>
    public void CutOff(string node)
    {
        _processes.Kill(node, "slurmd");
        SetDown(node);
    }

    /// <summary>Waits until something is so that Slurm brings about by itself.</summary>
    public void Await(string what, Func<bool> isSo)
    {
        var watch = Stopwatch.StartNew();
        while (!isSo())
        {
            if (watch.Elapsed > Limit)
                throw new TimeoutException($"It does not come to pass that {what}. {_processes.Output}");
            Thread.Sleep(100);
        }
    }

    public void Dispose()
    {
        _processes.Dispose();
        _folder.Dispose();
    }

    private void SetDown(string node) => _processes.Run("scontrol", "update", $"nodename={node}", "state=down", "reason=lost");

    private void StartMunge()
    {
        var key = _folder.File("munge.key");
        File.WriteAllBytes(key, RandomNumberGenerator.GetBytes(128));
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _processes.Start(
            "munged", null, "--foreground", "--force", $"--key-file={key}", $"--socket={MungeSocket}",
            $"--pid-file={_folder.File("munged.pid")}", $"--log-file={_folder.File("munged.log")}", $"--seed-file={_folder.File("munged.seed")}");
        Await("munged listens", () => File.Exists(MungeSocket));
    }

    // A credential is valid for so short a time because a task that is put back into the queue waits until that of its last start is not.
    private string Configuration() => $"""
        ClusterName=tests
        SlurmctldHost={Dns.GetHostName()}(127.0.0.1)
        SlurmctldPort={SlurmProcesses.FreePort()}
        CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
        SlurmUser={Environment.UserName}
        SlurmdUser={Environment.UserName}
        AuthType=auth/munge
        AuthInfo=socket={MungeSocket},cred_expire=5
        StateSaveLocation={_folder.File("state")}
        SlurmctldPidFile={_folder.File("slurmctld.pid")}
        SlurmdPidFile={_folder.File("slurmd-%n.pid")}
        SlurmdSpoolDir={_folder.File("spool-%n")}
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        JobAcctGatherType=jobacct_gather/none
        SelectType=select/cons_tres
        SelectTypeParameters=CR_CPU
        SlurmdParameters=config_overrides
        SchedulerParameters=sched_interval=1
        ReturnToService=2
        MailProg=/bin/true
        NodeName=DEFAULT CPUs=2 RealMemory=4096
        {string.Join('\n', Nodes.Select(NodeLine))}
        PartitionName=all Nodes={string.Join(',', Nodes)} Default=YES MaxTime=INFINITE State=UP

        """;

    private static string NodeLine(string node) => $"NodeName={node} NodeHostname=localhost NodeAddr=127.0.0.1 Port={SlurmProcesses.FreePort()}";
}
