using Microsoft.Data.Sqlite;
using ProfilesModule.Server;

namespace ProfilesModule.Sqlite;

/// <summary>A connection of its own in a read transaction: SQLite shows it the file as it was when that began.</summary>
internal sealed class SqliteProfileSnapshot : IProfileSnapshot
{
    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _find;

    public SqliteProfileSnapshot(string path)
    {
        _path = path;
        _connection = SqliteProfileFile.Open(path);
        _find = _connection.Prepare(
            "SELECT position, distinct_id, properties FROM profile WHERE data_group_id = $group AND distinct_id = $id", "$group", "$id");
        try
        {
            // A transaction that has only begun sees nothing yet; the first read fixes what it sees.
            _connection.Execute("BEGIN");
            _connection.Execute("SELECT 1 FROM profile LIMIT 1");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    // Counting reads every row, which a look-up by id would pay for in vain.
    public long Count(long dataGroupId)
    {
        using SqliteCommand command = _connection.Prepare("SELECT count(*) FROM profile WHERE data_group_id = $group", "$group");
        command.Parameters[0].Value = dataGroupId;
        return (long)Guarded(command.ExecuteScalar)!;
    }

    public IEnumerable<StoredProfile> ReadFrom(long dataGroupId, long position)
    {
        // The plus sign keeps SQLite from the index on the group, behind which it would have to sort every row for each page.
        using SqliteCommand command = _connection.Prepare(
            "SELECT position, distinct_id, properties FROM profile WHERE +data_group_id = $group AND position >= $position ORDER BY position",
            "$group",
            "$position");
        command.Parameters[0].Value = dataGroupId;
        command.Parameters[1].Value = position;
        using SqliteDataReader reader = Guarded(command.ExecuteReader);
        while (Guarded(reader.Read))
            yield return Profile(reader);
    }

    public StoredProfile? Find(ProfileKey key)
    {
        _find.Parameters[0].Value = key.DataGroupId;
        _find.Parameters[1].Value = key.DistinctId;
        using SqliteDataReader reader = Guarded(_find.ExecuteReader);
        return Guarded(reader.Read) ? Profile(reader) : null;
    }

    public void Dispose()
    {
        _find.Dispose();
        _connection.Dispose();
    }

    private static StoredProfile Profile(SqliteDataReader reader) =>
        new(reader.GetInt64(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2));

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException e)
        {
            throw SqliteFailure.ToException(e, _path);
        }
    }
}
