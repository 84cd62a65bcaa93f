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
        _find = connection.Prepare("SELECT properties FROM profile WHERE distinct_id = $id", "$id");
        _add = connection.Prepare(
            "INSERT INTO profile (distinct_id, properties) VALUES ($id, CAST($properties AS TEXT)) ON CONFLICT DO NOTHING", "$id", "$properties");
        _replace = connection.Prepare("UPDATE profile SET properties = CAST($properties AS TEXT) WHERE distinct_id = $id", "$id", "$properties");
        _delete = connection.Prepare("DELETE FROM profile WHERE distinct_id = $id", "$id");
    }

    /// <summary>How many profiles were added, less those deleted.</summary>
    public long Added { get; set; }

    public byte[]? Find(string distinctId)
    {
        _find.Parameters[0].Value = distinctId;
        using SqliteDataReader reader = _find.ExecuteReader();
        return reader.Read() ? reader.GetFieldValue<byte[]>(0) : null;
    }

    public bool TryAdd(string distinctId, byte[] properties)
    {
        _add.Parameters[0].Value = distinctId;
        _add.Parameters[1].Value = properties;
        int added = _add.ExecuteNonQuery();
        Added += added;
        return added > 0;
    }

    public void Replace(string distinctId, byte[] properties)
    {
        _replace.Parameters[0].Value = distinctId;
        _replace.Parameters[1].Value = properties;
        _replace.ExecuteNonQuery();
    }

    public void Delete(string distinctId)
    {
        _delete.Parameters[0].Value = distinctId;
        Added -= _delete.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _find.Dispose();
        _add.Dispose();
        _replace.Dispose();
        _delete.Dispose();
    }
}
