using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProfilesModule.Tests.Engines;

/// <summary>
/// The processes of one cluster, tasks among them: those that have its configuration in their environment, on Linux, whoever started them.
/// </summary>
internal sealed class SlurmProcesses(string configuration, IReadOnlyDictionary<string, string> variables) : IDisposable
{
    private const string NodeVariable = "SLURMD_NODENAME";
    private const string ConfigurationVariable = "SLURM_CONF";

    private readonly StringBuilder _output = new();

    /// <summary>What the processes that were started have written.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>The path of a program; null when it is not installed.</summary>
    public static string? Find(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':')
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a program that goes on.</summary>
    public Process Start(string program, string? node, params string[] arguments)
    {
        var process = Process.Start(Startup(program, node, arguments))!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Runs a program, and fails with what it wrote.</summary>
    public string Run(string program, params string[] arguments)
    {
        var (exitCode, output, errors) = Finish(program, arguments);
        if (exitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {exitCode}: {output}{errors}");
        return output;
    }

    /// <summary>Runs a program.</summary>
    /// <returns>What it wrote; null if it failed.</returns>
    public string? TryRun(string program, params string[] arguments) =>
        Finish(program, arguments) is (0, var output, _) ? output : null;

    /// <summary>
    /// Kills the processes of a node, or of the whole cluster; those that started others first, so that they cannot report the end of these.
    /// </summary>
    /// <param name="node">The node; null for all of the cluster.</param>
    /// <param name="program">Only processes of this program; null for all.</param>
    /// <returns>Whether there were any.</returns>
    public bool Kill(string? node, string? program = null)
    {
        var all = Directory.GetDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Where(id => Has(id, ConfigurationVariable, configuration))
            .ToHashSet();
        var ofNode = all.Where(id => node is null || Has(id, NodeVariable, node)).ToArray();

        // What watches over a task does not have the variable.
        var found = ofNode.Union(ofNode.Select(Parent).Where(all.Contains))
            .Where(id => program is null || NameOf(id) == program)
            .Order()
            .ToArray();
        foreach (var id in found)
        {
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (ArgumentException)
            {
                // It has ended meanwhile.
            }
        }

        return found.Length > 0;
    }

    public void Dispose()
    {
        while (Kill(null))
            Thread.Sleep(10);
    }

    private static string NameOf(int process) => Path.GetFileName(Read(process, "cmdline").Split('\0')[0]);

    private static int Parent(int process)
    {
        const string Field = "PPid:";
        var line = Read(process, "status").Split('\n').FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line.AsSpan(Field.Length).Trim(), CultureInfo.InvariantCulture);
    }

    private static bool Has(int process, string variable, string value) =>
        Read(process, "environ").Split('\0').Contains($"{variable}={value}");

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's.
            return "";
        }
    }

    private (int ExitCode, string Output, string Errors) Finish(string program, string[] arguments)
    {
        using var process = Process.Start(Startup(program, null, arguments))!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    private ProcessStartInfo Startup(string program, string? node, string[] arguments)
    {
        var start = new ProcessStartInfo(Find(program) ?? program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        start.Environment[ConfigurationVariable] = configuration;

        // What a node starts inherits this.
        if (node is not null)
            start.Environment[NodeVariable] = node;
        return start;
    }

    private void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
