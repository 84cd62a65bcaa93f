using Microsoft.Data.Sqlite;
using ProfilesModule.Server;

namespace ProfilesModule.Sqlite;

/// <summary>The statements of a transaction. Their store begins and ends it.</summary>
internal sealed class SqliteProfileTransaction : IProfileTransaction, IDisposable
{
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _add;
    private readonly SqliteCommand _replace;
    private readonly SqliteCommand _delete;

    public SqliteProfileTransaction(SqliteConnection connection)
    {
        // Bytes arrive as a blob. As text the file can be read with any SQLite tool, its JSON functions included.
        const string where = "WHERE data_group_id = $group AND distinct_id = $id";
        _find = connection.Prepare($"SELECT update_time, properties FROM profile {where}", "$group", "$id");
        _add = connection.Prepare(
            """
            INSERT INTO profile (data_group_id, distinct_id, update_time, properties)
            VALUES ($group, $id, $time, CAST($properties AS TEXT)) ON CONFLICT DO NOTHING
            """,
            "$group",
            "$id",
            "$time",
            "$properties");
        _replace = connection.Prepare(
            $"UPDATE profile SET update_time = $time, properties = CAST($properties AS TEXT) {where}", "$group", "$id", "$time", "$properties");
        _delete = connection.Prepare($"DELETE FROM profile {where}", "$group", "$id");
    }

    /// <summary>How many profiles were added, less those deleted.</summary>
    public long Added { get; set; }

    public ProfileState? Find(ProfileKey key)
    {
        using SqliteDataReader reader = With(_find, key).ExecuteReader();
        return reader.Read() ? new ProfileState(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    public bool TryAdd(ProfileKey key, ProfileState state)
    {
        int added = With(_add, key, state).ExecuteNonQuery();
        Added += added;
        return added > 0;
    }

    public void Replace(ProfileKey key, ProfileState state) => With(_replace, key, state).ExecuteNonQuery();

    public void Delete(ProfileKey key) => Added -= With(_delete, key).ExecuteNonQuery();

    public void Dispose()
    {
        _find.Dispose();
        _add.Dispose();
        _replace.Dispose();
        _delete.Dispose();
    }

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
