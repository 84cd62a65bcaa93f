using Microsoft.Data.Sqlite;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Sqlite;

/// <summary>A connection of its own in a read transaction: SQLite shows it the file as it was when that began.</summary>
internal sealed class SqliteProfileSnapshot : IProfileSnapshot
{
    private const string Select = "SELECT position, distinct_id, properties FROM profile WHERE";

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _find;

    public SqliteProfileSnapshot(string path)
    {
        _path = path;
        _connection = SqliteFile.Open(path);
        _find = _connection.Prepare($"{Select} data_group_id = $group AND distinct_id = $id", "$group", "$id");
        try
        {
            // A transaction that has only begun sees nothing yet; the first read fixes what it sees.
            _connection.Execute("BEGIN; SELECT 1 FROM profile LIMIT 1");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public long Count(long dataGroupId)
    {
        using var command = _connection.Prepare("SELECT count(*) FROM profile WHERE data_group_id = $group", "$group");
        command.Parameters[0].Value = dataGroupId;
        return (long)SqliteProfileFile.Guard(_path, command.ExecuteScalar)!;
    }

    public IEnumerable<StoredProfile> ReadFrom(long dataGroupId, long position)
    {
        // The plus sign keeps SQLite from the index on the group, which would make it sort every row for each page.
        const string condition = "+data_group_id = $group AND position >= $position ORDER BY position";
        using var command = _connection.Prepare($"{Select} {condition}", "$group", "$position");
        command.Parameters[0].Value = dataGroupId;
        command.Parameters[1].Value = position;
        using var reader = SqliteProfileFile.Guard(_path, command.ExecuteReader);
        while (SqliteProfileFile.Guard(_path, reader.Read))
            yield return Profile(reader);
    }

    public StoredProfile? Find(ProfileKey key)
    {
        _find.Parameters[0].Value = key.DataGroupId;
        _find.Parameters[1].Value = key.DistinctId;
        using var reader = SqliteProfileFile.Guard(_path, _find.ExecuteReader);
        return SqliteProfileFile.Guard(_path, reader.Read) ? Profile(reader) : null;
    }

    public long Count(ProfileSelection selection)
    {
        if (selection.IsAll)
            return Count(selection.DataGroupId);
        using var selected = new SqliteSelection(_connection, _path, selection);
        return selected.Count();
    }

    public IEnumerable<StoredProfile> Read(ProfileSelection selection, int offset, int count)
    {
        using var selected = new SqliteSelection(_connection, _path, selection, offset, count);
        using var command = _connection.Prepare($"{Select} position = $position", "$position");
        foreach (var position in selected.Positions())
        {
            // Not before they are sorted, which would carry along all that they hold.
            command.Parameters[0].Value = position;
            using var reader = SqliteProfileFile.Guard(_path, command.ExecuteReader);
            if (SqliteProfileFile.Guard(_path, reader.Read))
                yield return Profile(reader);
        }
    }

    public void Dispose() => _connection.Dispose();

    private static StoredProfile Profile(SqliteDataReader reader) =>
        new(reader.GetInt64(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2));
}
