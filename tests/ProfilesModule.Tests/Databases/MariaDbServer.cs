using System.Diagnostics;
using MySqlConnector;

namespace ProfilesModule.Tests.Databases;

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
        _server = StartAsServer(server, "--no-defaults", $"--datadir={Data}", $"--port={Port}", "--bind-address=127.0.0.1", $"--socket={Socket}", $"--pid-file={Folder.File("pid")}", $"--init-file={init}", "--skip-name-resolve", $"--log-error={Folder.File("log")}", "--innodb-flush-log-at-trx-commit=0");
        RunAsServer(_admin, "--no-defaults", $"--socket={Socket}", "-u", "root", "--wait=60", "ping");
    }

    public string ConnectionString => $"Server=127.0.0.1;Port={Port};Database=crm;User ID=sync;Password={Password}";

    /// <summary>Runs statements in a session of their own.</summary>
    public void Execute(string sql)
    {
        using var connection = new MySqlConnection(ConnectionString + ";Pooling=false");
        connection.Open();
        using var command = new MySqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private string Data => Folder.File("data");

    private string Socket => Folder.File("socket");

    private protected override void Stop()
    {
        RunAsServer(_admin!, "--no-defaults", $"--socket={Socket}", "-u", "root", "shutdown");
        _server!.WaitForExit();
        _server.Dispose();
    }
}
