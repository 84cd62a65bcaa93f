using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Databases;

/// <summary>A database server of a test's own, on loopback, in a folder of its own, by a user without rights.</summary>
public abstract class DatabaseServer : IDisposable
{
    /// <summary>A password that occurs nowhere else.</summary>
    public const string Password = "c0rrect-h0rse-battery";

    // As root a database server refuses to run.
    private static readonly string[] AsNobody = Environment.UserName == "root" ? ["runuser", "-u", "nobody", "--"] : [];

    /// <summary>Why the server cannot be started; null when it can.</summary>
    public string? Missing { get; protected init; }

    public int Port { get; } = FreePort();

    private protected TemporaryFolder Folder { get; } = new();

    public void Dispose()
    {
        if (Missing is null)
            Stop();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract void Stop();

    private protected void MakeFolderTheServers()
    {
        if (AsNobody.Length > 0)
            Run("chown", "nobody", Folder.Path);
    }

    /// <summary>Runs a program of the server as the user without rights, and fails with what it wrote.</summary>
    private protected static void RunAsServer(string program, params string[] arguments)
    {
        string[] line = [.. AsNobody, program, .. arguments];
        Run(line[0], line[1..]);
    }

    /// <summary>Starts a program of the server that goes on.</summary>
    private protected static Process StartAsServer(string program, params string[] arguments)
    {
        string[] line = [.. AsNobody, program, .. arguments];
        return Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    private protected static string? Find(params string[] patterns) => patterns
        .SelectMany(pattern => Directory.Exists(Path.GetDirectoryName(pattern)) || pattern.Contains('*', StringComparison.Ordinal) ? Expand(pattern) : [])
        .LastOrDefault(File.Exists);

    private static IEnumerable<string> Expand(string pattern)
    {
        var parts = pattern.Split("/*/");
        return parts.Length == 1 ? [pattern]
            : Directory.Exists(parts[0]) ? Directory.EnumerateDirectories(parts[0]).Order().Select(folder => Path.Combine(folder, parts[1]))
            : [];
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{errors.Result}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
