using Microsoft.Data.Sqlite;
using ProfilesModule.Server;
using ProfilesModule.Storage;

namespace ProfilesModule.Sqlite;

/// <summary>
/// Keeps the profiles in an SQLite file, which is created if it does not exist. The file is in WAL mode with
/// <c>synchronous=NORMAL</c>: a killed process loses no write that returned, a power cut may lose the last ones.
/// </summary>
/// <remarks>
/// One store at a time has a file open; other programs may read it. Table <c>profile</c>: <c>position</c>,
/// <c>data_group_id</c> (0 for users), <c>distinct_id</c>, <c>update_time</c>, <c>properties</c> (JSON text). A file of an
/// earlier version of this module is brought up to date, after which that version cannot open it any more.
/// </remarks>
internal sealed class SqliteProfileStore : IProfileStore
{
    private readonly object _gate = new();
    private readonly string _path;
    private readonly FileStream _lock;
    private readonly SqliteConnection _connection;
    private readonly SqliteProfileTransaction _transaction;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _rollback;
    private long _count;
    private bool _disposed;

    /// <summary>Opens a file, or creates it.</summary>
    /// <param name="path">The file's path. Its folder must exist. A file <c>path-lock</c> is beside it while it is open.</param>
    /// <exception cref="IOException">The file is in use by another server or program, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be written.</exception>
    /// <exception cref="InvalidDataException">The file is not an SQLite database, or one of something else.</exception>
    public SqliteProfileStore(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = OwnFile.Real(Path.GetFullPath(path));
        _lock = Lock(_path);
        SqliteConnection? connection = null;
        try
        {
            // SQLite names the files beside it after the path, and would not know those of another name.
            if (OwnFile.Names(_path) > 1)
                throw new IOException($"The profile database '{_path}' has other names (hard links), by which another server could open it. Remove them.");

            // What SQLite makes beside the file can be read by whoever can read it.
            if (!File.Exists(_path))
                OwnFile.CreateNew(_path).Dispose();
            connection = SqliteProfileFile.Open(_path);
            _count = SqliteProfileFile.Prepare(connection, _path);
            _connection = connection;
            _begin = connection.Prepare("BEGIN IMMEDIATE");
            _commit = connection.Prepare("COMMIT");
            _rollback = connection.Prepare("ROLLBACK");
            _transaction = new SqliteProfileTransaction(connection);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            _lock.Dispose();
            if (e is SqliteException failure)
                throw SqliteFailure.ToException(failure, _path);
            throw;
        }
    }

    /// <inheritdoc/>
    public long Count => Interlocked.Read(ref _count);

    /// <inheritdoc/>
    public void Write(Action<IProfileTransaction> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            try
            {
                _begin.ExecuteNonQuery();
                try
                {
                    _transaction.Added = 0;
                    work(_transaction);
                    _commit.ExecuteNonQuery();
                }
                catch
                {
                    Rollback();
                    throw;
                }
                Interlocked.Add(ref _count, _transaction.Added);
            }
            catch (SqliteException e)
            {
                throw SqliteFailure.ToException(e, _path);
            }
        }
    }

    /// <inheritdoc/>
    public IProfileSnapshot OpenSnapshot()
    {
        try
        {
            return new SqliteProfileSnapshot(_path);
        }
        catch (SqliteException e)
        {
            throw SqliteFailure.ToException(e, _path);
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
            _transaction.Dispose();
            _begin.Dispose();
            _commit.Dispose();
            _rollback.Dispose();
            _connection.Dispose();
            _lock.Dispose();
        }
    }

    private void Rollback()
    {
        try
        {
            _rollback.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // SQLite itself has rolled back after some errors, a full disk among them; the first error is the one to report.
        }
    }

    // SQLite lets several processes write; the count kept here and the order of writes would not survive that.
    private static FileStream Lock(string path)
    {
        try
        {
            return OwnFile.OpenOrCreate(path + "-lock", FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && new FileInfo(path + "-lock").LinkTarget is null)
        {
            throw new IOException($"The profile database '{path}' is in use by another server.", e);
        }
    }
}
