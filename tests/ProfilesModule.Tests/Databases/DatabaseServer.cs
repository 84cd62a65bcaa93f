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
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{errors.Result}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A PostgreSQL.</summary>
public sealed class PostgreSqlServer : DatabaseServer
{
    private readonly string? _pgCtl = Find("/usr/lib/postgresql/*/bin/pg_ctl", "/usr/bin/pg_ctl");

    public PostgreSqlServer()
    {
        if (_pgCtl is null)
        {
            Missing = "PostgreSQL is not installed: apt-get install postgresql.";
            return;
        }

        MakeFolderTheServers();
        var password = Folder.Write("password", Password);
        RunAsServer(Path.Combine(Path.GetDirectoryName(_pgCtl)!, "initdb"), "-D", Data, "-U", "sync", "--pwfile", password, "-A", "scram-sha-256", "--no-sync", "--locale=C.UTF-8", "-E", "UTF8");
        RunAsServer(_pgCtl, "-D", Data, "-l", Folder.File("log"), "-w", "-o", $"-p {Port} -h 127.0.0.1 -k {Folder.Path} -c fsync=off", "start");
    }

    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Database=postgres;Username=sync;Password={Password}";

    private string Data => Folder.File("data");

    private protected override void Stop() => RunAsServer(_pgCtl!, "-D", Data, "-m", "immediate", "-w", "stop");
}

/// <summary>A MariaDB.</summary>
public sealed class MariaDbServer : DatabaseServer
{
    private readonly Process? _server;
    private readonly string? _admin = Find("/usr/bin/mariadb-admin");

    public MariaDbServer()
    {
        var (server, install) = (Find("/usr/sbin/mariadbd"), Find("/usr/bin/mariadb-install-db"));
        if (server is null || install is null || _admin is null)
        {
            Missing = "MariaDB is not installed: apt-get install mariadb-server.";
            return;
        }

        MakeFolderTheServers();
        RunAsServer(install, "--no-defaults", $"--datadir={Data}", "--auth-root-authentication-method=normal", "--skip-test-db");
        var init = Folder.Write("init.sql", $"CREATE USER 'sync'@'127.0.0.1' IDENTIFIED BY '{Password}';\nGRANT ALL ON *.* TO 'sync'@'127.0.0.1';\nCREATE DATABASE crm CHARACTER SET utf8mb4;\n");
        _server = StartAsServer(server, "--no-defaults", $"--datadir={Data}", $"--port={Port}", "--bind-address=127.0.0.1", $"--socket={Socket}", $"--pid-file={Folder.File("pid")}", $"--init-file={init}", "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0");
        RunAsServer(_admin, "--no-defaults", $"--socket={Socket}", "-u", "root", "--wait=60", "ping");
    }

    public string ConnectionString => $"Server=127.0.0.1;Port={Port};Database=crm;User ID=sync;Password={Password}";

    private string Data => Folder.File("data");

    private string Socket => Folder.File("socket");

    private protected override void Stop()
    {
        RunAsServer(_admin!, "--no-defaults", $"--socket={Socket}", "-u", "root", "shutdown");
        _server!.WaitForExit();
        _server.Dispose();
    }
}
