using Microsoft.Data.Sqlite;
using ProfilesModule.Storage;

namespace ProfilesModule.Sqlite;

/// <summary>How SQLite files are opened, and what their errors become.</summary>
internal static class SqliteFile
{
    static SqliteFile() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Opens a connection, creating the file if need be.</summary>
    public static SqliteConnection Open(string path, bool writes = true)
    {
        // A pool would keep the file open after its owner was disposed. Only another program can hold a lock, for up to a second.
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = 1,
            Mode = writes ? SqliteOpenMode.ReadWriteCreate : SqliteOpenMode.ReadOnly,
        };
        var connection = new SqliteConnection(settings.ConnectionString);
        connection.Open();
        return connection;
    }

    /// <summary>Keeps others of this module from a file: SQLite lets several processes write.</summary>
    /// <param name="what">What the file is called, such as profile database.</param>
    /// <param name="path">The file.</param>
    /// <param name="holder">What has it, such as server.</param>
    public static FileStream Lock(string what, string path, string holder)
    {
        try
        {
            return PrivateFile.OpenOrCreate(path + "-lock", FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        }
        catch (IOException e)
            when (e is not (DirectoryNotFoundException or PathTooLongException) && new FileInfo(path + "-lock").LinkTarget is null)
        {
            throw new FileInUseException($"The {what} '{path}' is in use by another {holder}.", e);
        }
    }

    /// <summary>A command whose statement is compiled once.</summary>
    public static SqliteCommand Prepare(this SqliteConnection connection, string sql, params string[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    public static void Execute(this SqliteConnection connection, string sql)
    {
        using var command = connection.Prepare(sql);
        command.ExecuteNonQuery();
    }

    public static long Scalar(this SqliteConnection connection, string sql)
    {
        using var command = connection.Prepare(sql);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Turns an error of SQLite into one of .NET, because the types of this assembly's libraries stay inside it.</summary>
    public static T Guard<T>(string what, string path, Func<T> access)
    {
        try
        {
            return access();
        }
        catch (SqliteException e)
        {
            // https://www.sqlite.org/rescode.html
            const int busy = 5, locked = 6, corrupt = 11, full = 13, cannotOpen = 14, notADatabase = 26;
            throw e.SqliteErrorCode switch
            {
                busy or locked => new FileInUseException($"The {what} '{path}' is in use by another program. ({e.Message})", null),
                notADatabase => new InvalidDataException($"'{path}' is not an SQLite database. ({e.Message})"),
                corrupt => new InvalidDataException($"The {what} '{path}' is damaged. ({e.Message})"),
                full => new IOException($"No space is left for the {what} '{path}'. ({e.Message})"),
                cannotOpen => new IOException($"The {what} '{path}' cannot be opened. ({e.Message})"),
                _ => new IOException($"The {what} '{path}' failed. ({e.Message})"),
            };
        }
    }
}
