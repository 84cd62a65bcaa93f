using System.Globalization;
using Microsoft.Data.Sqlite;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Storage;

namespace ProfilesModule.Sqlite;

/// <summary>
/// A state in an SQLite file, which is created if it does not exist. Items of profiles are kept many in a row, because a row for each would
/// make an import half as fast. One run at a time has the file open for writing, and a file <c>path-lock</c> beside it.
/// </summary>
internal sealed class SqliteSyncFile : ISyncFile
{
    // "SYNC" in ASCII.
    private const long ApplicationId = 0x53594E43;
    private const long SchemaVersion = 3;
    private const string Noun = "state";

    private const string Schema = """
        CREATE TABLE scope (
            id INTEGER PRIMARY KEY,
            endpoint TEXT NOT NULL,
            token TEXT NOT NULL,
            group_key TEXT NOT NULL,
            is_tested INTEGER NOT NULL,
            parameters TEXT NOT NULL
        );
        CREATE TABLE names (id INTEGER PRIMARY KEY, names TEXT NOT NULL);
        CREATE TABLE run (
            id INTEGER PRIMARY KEY,
            scope INTEGER NOT NULL,
            started INTEGER NOT NULL,
            ended INTEGER,
            source TEXT NOT NULL,
            parameters_hash TEXT NOT NULL,
            read INTEGER NOT NULL,
            accepted INTEGER NOT NULL,
            unchanged INTEGER NOT NULL,
            rejected INTEGER NOT NULL,
            skipped INTEGER NOT NULL,
            unknown INTEGER NOT NULL,
            unsent INTEGER NOT NULL,
            removed INTEGER NOT NULL,
            stop TEXT,
            exit_code INTEGER,
            partition INTEGER,
            partition_count INTEGER,
            other_partitions INTEGER NOT NULL
        );
        CREATE TABLE entry (id INTEGER PRIMARY KEY, scope INTEGER NOT NULL, count INTEGER NOT NULL, items BLOB NOT NULL);
        """;

    private readonly string _path;
    private readonly FileStream? _lock;
    private readonly SqliteConnection _connection;
    private long _lastRead;
    private SqliteTransaction? _transaction;

    /// <exception cref="IOException">The file is in use by another run, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be written.</exception>
    /// <exception cref="InvalidDataException">The file is not a state, or has another version.</exception>
    public SqliteSyncFile(string path, bool writes)
    {
        _path = PrivateFile.Real(Path.GetFullPath(path));
        var isEmpty = !writes && !File.Exists(_path);
        _lock = writes ? SqliteFile.Lock(Noun, _path, "run") : null;
        SqliteConnection? connection = null;
        try
        {
            if (writes && !File.Exists(_path))
                PrivateFile.CreateNew(_path).Dispose();
            var source = isEmpty ? ":memory:" : _path;
            _connection = connection = Guard(() => SqliteFile.Open(source, writes || isEmpty));
            Guard(() => Prepare(writes || isEmpty));
        }
        catch
        {
            connection?.Dispose();
            _lock?.Dispose();
            throw;
        }
    }

    public IReadOnlyList<SyncScope> Scopes => Guard(() => Rows(
        "SELECT id, endpoint, token, group_key, is_tested, parameters FROM scope ORDER BY id",
        row => new SyncScope(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3))
        {
            IsTested = row.GetInt64(4) != 0,
            Parameters = row.GetString(5),
        }));

    public IReadOnlyDictionary<int, string> Names => Guard(() =>
        Rows("SELECT id, names FROM names", row => KeyValuePair.Create(row.GetInt32(0), row.GetString(1))).ToDictionary());

    public long LastRun => Guard(() => _connection.Scalar("SELECT coalesce(max(id), 0) FROM run"));

    public long CountItems(long scope) => Guard(() => _connection.Scalar(string.Create(
        CultureInfo.InvariantCulture, $"SELECT coalesce(sum(count), 0) FROM entry WHERE scope = {scope}")));

    public IEnumerable<ReadOnlyMemory<byte>> ReadItems(long scope)
    {
        _lastRead = Guard(() => _connection.Scalar("SELECT coalesce(max(id), 0) FROM entry"));
        using var command = Command("SELECT id, items FROM entry WHERE scope = $1 AND id <= $2 ORDER BY id", scope, _lastRead);
        using var reader = Guard(command.ExecuteReader);
        var items = Array.Empty<byte>();
        while (Guard(reader.Read))
        {
            // With the id, the stream reads from the file; without it, from a copy.
            using var stream = Guard(() => reader.GetStream(1));
            var length = (int)stream.Length;
            if (items.Length < length)
                items = new byte[length];
            Guard(() => stream.ReadAtLeast(items.AsSpan(0, length), length));
            yield return items.AsMemory(0, length);
        }
    }

    public IEnumerable<SyncRun> ReadRuns(long scope) => Guard(() => Rows(
        string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM run WHERE scope = {scope} ORDER BY id"),
        row => new SyncRun
        {
            Number = row.GetInt64(0),
            Started = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
            Ended = row.IsDBNull(3) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
            Source = row.GetString(4),
            ParametersHash = row.GetString(5),
            Account = new()
            {
                Read = row.GetInt64(6),
                Accepted = row.GetInt64(7),
                Unchanged = row.GetInt64(8),
                Rejected = row.GetInt64(9),
                Skipped = row.GetInt64(10),
                Unknown = row.GetInt64(11),
                OtherPartitions = row.GetInt64(18),
            },
            Removed = row.GetInt64(13),
            Stop = row.IsDBNull(14) ? null : row.GetString(14),
            ExitCode = row.IsDBNull(15) ? null : row.GetInt32(15),
            Partition = row.IsDBNull(16) ? null : row.GetInt32(16),
            PartitionCount = row.IsDBNull(17) ? null : row.GetInt32(17),
        }));

    public void Write(Action work, bool toDisk)
    {
        try
        {
            Guard(() => WriteOnce(work, toDisk));
        }
        catch (InvalidDataException e)
        {
            // Found while it is written, damage is a file that cannot be written.
            throw new IOException(e.Message, e);
        }
    }

    public long AddScope(SyncScope scope)
    {
        Run("INSERT INTO scope (endpoint, token, group_key, is_tested, parameters) VALUES ($1, $2, $3, $4, $5)",
            scope.Endpoint, scope.TokenMark, scope.GroupKey, scope.IsTested ? 1 : 0, scope.Parameters);
        using var number = Command("SELECT last_insert_rowid()");
        return (long)number.ExecuteScalar()!;
    }

    public void UpdateScope(SyncScope scope) =>
        Run("UPDATE scope SET is_tested = $1, parameters = $2 WHERE id = $3", scope.IsTested ? 1 : 0, scope.Parameters, scope.Number);

    public void AddRun(long scope, SyncRun run) => Run(
        "INSERT INTO run VALUES ($1, $2, $3, NULL, '', $4, 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, $5, $6, 0)",
        run.Number, scope, run.Started.ToUnixTimeMilliseconds(), run.ParametersHash, run.Partition, run.PartitionCount);

    public void UpdateRun(SyncRun run) => Run(
        """
        UPDATE run SET ended = $1, source = $2, read = $3, accepted = $4, unchanged = $5, rejected = $6, skipped = $7, unknown = $8,
            unsent = $9, removed = $10, stop = $11, exit_code = $12, other_partitions = $13 WHERE id = $14
        """,
        run.Ended?.ToUnixTimeMilliseconds(), run.Source, run.Account.Read, run.Account.Accepted, run.Account.Unchanged, run.Account.Rejected,
        run.Account.Skipped, run.Account.Unknown, run.Account.Unsent, run.Removed, run.Stop, run.ExitCode, run.Account.OtherPartitions,
        run.Number);

    public void AddNames(int number, string names) => Run("INSERT INTO names VALUES ($1, $2)", number, names);

    public void AddItems(long scope, int count, byte[] items) =>
        Run("INSERT INTO entry (scope, count, items) VALUES ($1, $2, $3)", scope, count, items);

    public void RemoveItems(long scope) => Run("DELETE FROM entry WHERE scope = $1 AND id <= $2", scope, _lastRead);

    public void Shrink() => Guard(() =>
    {
        _connection.Execute("PRAGMA incremental_vacuum");
        return 0;
    });

    public void Dispose()
    {
        _connection.Dispose();
        _lock?.Dispose();
    }

    private bool WriteOnce(Action work, bool toDisk)
    {
        // In WAL mode, NORMAL keeps what was written when the process is killed, and FULL when the power fails.
        _connection.Execute(toDisk ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        using var transaction = _transaction = _connection.BeginTransaction();
        try
        {
            work();
            transaction.Commit();
        }
        finally
        {
            _transaction = null;
        }

        return true;
    }

    private bool Prepare(bool writes)
    {
        // Reading comes first: another program's file must stay as it is.
        var version = _connection.Scalar("PRAGMA user_version");
        var application = _connection.Scalar("PRAGMA application_id");
        var isNew = version == 0 && application == 0 && _connection.Scalar("SELECT count(*) FROM sqlite_master") == 0;
        if (!isNew && application != ApplicationId)
            throw new InvalidDataException($"'{_path}' is an SQLite database, but not a state.");
        if (!isNew && version != SchemaVersion)
            throw new InvalidDataException($"The state '{_path}' has version {version}; this module needs {SchemaVersion}.");
        if (isNew)
            _connection.Execute("PRAGMA auto_vacuum = INCREMENTAL");
        if (writes)
            _connection.Execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 32000");
        if (isNew)
        {
            _connection.Execute(string.Create(
                CultureInfo.InvariantCulture,
                $"BEGIN IMMEDIATE; {Schema} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {SchemaVersion}; COMMIT;"));
        }

        return true;
    }

    private T[] Rows<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var command = Command(sql);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return [.. rows];
    }

    private void Run(string sql, params object?[] values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    /// <summary>A statement whose parameters are $1, $2 and so on.</summary>
    private SqliteCommand Command(string sql, params object?[] values)
    {
        var command = _connection.Prepare(sql);
        command.Transaction = _transaction;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"${i + 1}"), values[i] ?? DBNull.Value);
        return command;
    }

    private T Guard<T>(Func<T> access) => SqliteFile.Guard(Noun, _path, access);
}
