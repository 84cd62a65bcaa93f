using Npgsql;

namespace ProfilesModule.Tests.Databases;

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

    /// <summary>Runs statements in a session of their own.</summary>
    public void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private string Data => Folder.File("data");

    private protected override void Stop() => RunAsServer(_pgCtl!, "-D", Data, "-m", "immediate", "-w", "stop");
}
