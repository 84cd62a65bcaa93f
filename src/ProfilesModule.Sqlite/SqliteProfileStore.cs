using Microsoft.Data.Sqlite;
using ProfilesModule.Server.Storage;
using ProfilesModule.Storage;

namespace ProfilesModule.Sqlite;

/// <summary>
/// Keeps the profiles in an SQLite file, which is created if it does not exist. The file is in WAL mode with
/// <c>synchronous=NORMAL</c>: a killed process loses no write that returned, a power cut may lose the last ones.
/// </summary>
/// <remarks>
/// One store at a time has a file open, and a file <c>path-lock</c> beside it; other programs may read it. Table <c>profile</c>:
/// <c>position</c>, <c>data_group_id</c> (0 for users), <c>distinct_id</c>, <c>update_time</c>, <c>properties</c> (JSON text).
/// </remarks>
internal sealed class SqliteProfileStore : IProfileStore
{
    private readonly object _gate = new();
    private readonly string _path;
    private readonly FileStream _lock;
    private readonly SqliteConnection _connection;
    private readonly Transaction _transaction;
    private long _count;
    private bool _disposed;

    /// <exception cref="IOException">The file is in use by another server or program, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be written.</exception>
    /// <exception cref="InvalidDataException">The file is not an SQLite database, or not one of profiles.</exception>
    public SqliteProfileStore(string path)
    {
        _path = PrivateFile.Real(Path.GetFullPath(path));
        // The count kept here and the order of writes would not survive another writer.
        _lock = SqliteFile.Lock("profile database", _path, "server");
        SqliteConnection? connection = null;
        try
        {
            // SQLite names the files beside it after the path, and would not know those of another name.
            if (PrivateFile.Names(_path) > 1)
                throw new IOException($"The profile database '{_path}' has hard links, which another server could open. Remove them.");

            // Whoever can read this file can read those that SQLite makes beside it.
            if (!File.Exists(_path))
                PrivateFile.CreateNew(_path).Dispose();
            connection = SqliteProfileFile.Guard(_path, () => SqliteFile.Open(_path));
            _count = SqliteProfileFile.Guard(_path, () => SqliteProfileFile.Prepare(connection, _path));
            _connection = connection;
            _transaction = new(connection);
        }
        catch
        {
            connection?.Dispose();
            _lock.Dispose();
            throw;
        }
    }

    public long Count => Interlocked.Read(ref _count);

    public void Write(Action<IProfileTransaction> work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Interlocked.Add(ref _count, SqliteProfileFile.Guard(_path, () => _transaction.Run(work)));
        }
    }

    public IProfileSnapshot OpenSnapshot() => SqliteProfileFile.Guard(_path, () => new SqliteProfileSnapshot(_path));

    public void PrepareSelections()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            SqliteProfileFile.Guard(_path, () => _connection.Scalar($"{SqliteSelection.CreateIndex}; SELECT 0"));
        }
    }

    /// <summary>Closes the file, after the write that is under way.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _connection.Dispose();
            _lock.Dispose();
        }
    }

    /// <summary>The statements of a transaction. The connection disposes them.</summary>
    private sealed class Transaction(SqliteConnection connection) : IProfileTransaction
    {
        // Bytes arrive as a blob. As text the file can be read with any SQLite tool, its JSON functions included.
        private const string Text = "CAST($properties AS TEXT)";
        private const string Key = "WHERE data_group_id = $group AND distinct_id = $id";
        private static readonly string[] KeyNames = ["$group", "$id"];
        private static readonly string[] Names = [.. KeyNames, "$time", "$properties"];

        private readonly SqliteCommand _find = connection.Prepare($"SELECT update_time, properties FROM profile {Key}", KeyNames);
        private readonly SqliteCommand _delete = connection.Prepare($"DELETE FROM profile {Key}", KeyNames);
        private readonly SqliteCommand _replace = connection.Prepare(
            $"UPDATE profile SET update_time = $time, properties = {Text} {Key}", Names);
        private readonly SqliteCommand _add = connection.Prepare(
            $"""
            INSERT INTO profile (data_group_id, distinct_id, update_time, properties)
            VALUES ($group, $id, $time, {Text}) ON CONFLICT DO NOTHING
            """,
            Names);

        private int _added;

        /// <returns>How many profiles were added, less those deleted.</returns>
        public int Run(Action<IProfileTransaction> work)
        {
            _added = 0;
            using var transaction = connection.BeginTransaction();
            foreach (var command in (SqliteCommand[])[_find, _add, _replace, _delete])
                command.Transaction = transaction;
            work(this);
            transaction.Commit();
            return _added;
        }

        public ProfileState? Find(ProfileKey key)
        {
            using var reader = With(_find, key).ExecuteReader();
            return reader.Read() ? new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
        }

        public bool TryAdd(ProfileKey key, ProfileState state)
        {
            var added = With(_add, key, state).ExecuteNonQuery();
            _added += added;
            return added > 0;
        }

        public void Replace(ProfileKey key, ProfileState state) => With(_replace, key, state).ExecuteNonQuery();

        public void Delete(ProfileKey key) => _added -= With(_delete, key).ExecuteNonQuery();

        private static SqliteCommand With(SqliteCommand command, ProfileKey key)
        {
            command.Parameters[0].Value = key.DataGroupId;
            command.Parameters[1].Value = key.DistinctId;
            return command;
        }

        private static SqliteCommand With(SqliteCommand command, ProfileKey key, ProfileState state)
        {
            command.Parameters[2].Value = state.UpdateTime;
            command.Parameters[3].Value = state.Properties;
            return With(command, key);
        }
    }
}
