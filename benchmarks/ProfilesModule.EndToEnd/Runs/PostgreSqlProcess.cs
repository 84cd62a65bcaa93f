using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ProfilesModule.Benchmarks.EndToEnd.Runs;

/// <summary>A PostgreSQL of its own on loopback, with the rows of a file in a table. It is not measured.</summary>
internal sealed class PostgreSqlProcess : IDisposable
{
    private const string Password = "benchmark";

    // As root it refuses to run.
    private static readonly string[] AsNobody = Environment.UserName == "root" ? ["runuser", "-u", "nobody", "--"] : [];

    private readonly string _folder = Directory.CreateTempSubdirectory("ProfilesModule.PostgreSql").FullName;
    private readonly string _bin;
    private readonly int _port = FreePort();

    private PostgreSqlProcess(string bin) => _bin = bin;

    /// <summary>The newest PostgreSQL of this machine; null when there is none.</summary>
    public static string? Installed { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Order().Select(version => Path.Combine(version, "bin")).LastOrDefault(Directory.Exists)
        : null;

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Database=postgres;Username=benchmark;Password={Password}";

    public static PostgreSqlProcess Start(string bin, string csv)
    {
        var server = new PostgreSqlProcess(bin);
        var password = Path.Combine(server._folder, "password");
        File.WriteAllText(password, Password);
        if (AsNobody.Length > 0)
            Run("chown", "-R", "nobody", server._folder);
        server.Run("initdb", false, "-U", "benchmark", "--pwfile", password, "-A", "scram-sha-256", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8");
        server.Run("pg_ctl", true, "-w", "-o", $"-p {server._port} -h 127.0.0.1 -k {server._folder} -c fsync=off", "start");
        server.Load(csv);
        return server;
    }

    public void Dispose()
    {
        Run("pg_ctl", false, "-m", "immediate", "-w", "stop");
        Directory.Delete(_folder, recursive: true);
    }

    private void Load(string csv)
    {
        using var connection = new NpgsqlConnection(ConnectionString);
        connection.Open();
        using var create = new NpgsqlCommand(
            """
            create table users (distinct_id text primary key, name text, email text, department text, plan text, signup_date timestamptz,
                last_login timestamptz, age int, ltv numeric(10,2), active boolean, city text, tags text)
            """,
            connection);
        create.ExecuteNonQuery();
        using var copy = connection.BeginTextImport("copy users from stdin with (format csv, header)");
        using var file = new StreamReader(csv);
        var buffer = new char[1 << 16];
        for (int length; (length = file.Read(buffer)) > 0;)
            copy.Write(buffer, 0, length);
    }

    private void Run(string program, bool logs, params string[] arguments)
    {
        string[] log = logs ? ["-l", Path.Combine(_folder, "log")] : [];
        string[] line = [.. AsNobody, Path.Combine(_bin, program), "-D", Path.Combine(_folder, "data"), .. log, .. arguments];
        Run(line[0], line[1..]);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = "/" })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
