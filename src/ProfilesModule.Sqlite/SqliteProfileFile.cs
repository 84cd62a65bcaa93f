using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ProfilesModule.Sqlite;

/// <summary>The layout of a profile database, how connections to it are opened, and what its errors become.</summary>
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

    /// <summary>Checks that the file is ours, and lays out a new one.</summary>
    /// <returns>How many profiles it holds.</returns>
    /// <exception cref="InvalidDataException">It is another program's database, or has another version.</exception>
    public static long Prepare(SqliteConnection connection, string path)
    {
        // Reading comes first: another program's file must stay as it is.
        var version = connection.Scalar("PRAGMA user_version");
        var application = connection.Scalar("PRAGMA application_id");
        var isNew = version == 0 && application == 0 && connection.Scalar("SELECT count(*) FROM sqlite_master") == 0;
        if (!isNew && application != ApplicationId)
            throw new InvalidDataException($"'{path}' is an SQLite database, but not one of profiles.");
        if (!isNew && version != SchemaVersion)
            throw new InvalidDataException($"The profile database '{path}' has version {version}; this module needs {SchemaVersion}.");

        // A cache of 64 MiB and a checkpoint each 128 MB of log, not 2 and 4: updates in no order touch pages everywhere, and what
        // is touched again before the checkpoint is written to the file once.
        connection.Execute(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 32000;");
        if (isNew)
        {
            connection.Execute(string.Create(
                CultureInfo.InvariantCulture,
                $"BEGIN IMMEDIATE; {Schema} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SchemaVersion}; COMMIT;"));
        }

        return connection.Scalar("SELECT count(*) FROM profile");
    }

    /// <inheritdoc cref="SqliteFile.Guard{T}"/>
    public static T Guard<T>(string path, Func<T> access) => SqliteFile.Guard("profile database", path, access);
}
