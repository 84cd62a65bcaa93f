using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ProfilesModule.Sqlite;

/// <summary>The layout of a profile database, and how connections to it are opened.</summary>
internal static class SqliteProfileFile
{
    // "PROF" in ASCII; it tells our files from other programs' databases.
    private const long ApplicationId = 0x50524F46;
    private const long SchemaVersion = 2;

    private const string Schema = """
        CREATE TABLE profile (
            position INTEGER PRIMARY KEY,
            data_group_id INTEGER NOT NULL,
            distinct_id TEXT NOT NULL,
            update_time INTEGER NOT NULL,
            properties TEXT NOT NULL,
            UNIQUE (data_group_id, distinct_id)
        );
        """;

    // Version 1 had user profiles only, and did not keep the time of their updates.
    private const string FromVersion1 = $"""
        ALTER TABLE profile RENAME TO profile_1;
        {Schema}
        INSERT INTO profile SELECT position, 0, distinct_id, 0, properties FROM profile_1 ORDER BY position;
        DROP TABLE profile_1;
        """;

    static SqliteProfileFile() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens a connection, creating the file if need be.</summary>
    public static SqliteConnection Open(string path)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,

            // A pool would keep the file open after its store was disposed.
            Pooling = false,

            // Seconds to wait for a lock. Only another program can hold one.
            DefaultTimeout = 1,
        };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Checks that the file is ours, and lays out a new one or brings an older one up to date.</summary>
    /// <returns>How many profiles it holds.</returns>
    /// <exception cref="InvalidDataException">It is another program's database, or of a later version.</exception>
    public static long Prepare(SqliteConnection connection, string path)
    {
        // Reading comes first: nothing of another program's file may be changed.
        long version = connection.Scalar("PRAGMA user_version");
        long application = connection.Scalar("PRAGMA application_id");
        bool isNew = version == 0 && application == 0 && connection.Scalar("SELECT count(*) FROM sqlite_master") == 0;
        if (!isNew && application != ApplicationId)
            throw new InvalidDataException($"'{path}' is an SQLite database, but not one of profiles.");
        if (!isNew && version is < 1 or > SchemaVersion)
            throw new InvalidDataException($"The profile database '{path}' has version {version}; this module reads versions 1 to {SchemaVersion}.");

        // A cache of 64 MiB and a checkpoint each 128 MB of log, not 2 and 4: updates in no order touch pages everywhere, and what
        // is touched again before the checkpoint is written to the file once.
        connection.Execute(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 32000;");
        if (isNew || version < SchemaVersion)
        {
            connection.Execute(string.Create(
                CultureInfo.InvariantCulture,
                $"BEGIN IMMEDIATE; {(isNew ? Schema : FromVersion1)} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SchemaVersion}; COMMIT;"));
        }
        return connection.Scalar("SELECT count(*) FROM profile");
    }

    /// <summary>A command whose statement is compiled once.</summary>
    public static SqliteCommand Prepare(this SqliteConnection connection, string sql, params string[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (string name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    public static long Scalar(this SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.Prepare(sql);
        return (long)command.ExecuteScalar()!;
    }

    public static void Execute(this SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.Prepare(sql);
        command.ExecuteNonQuery();
    }
}
