using Microsoft.Data.Sqlite;

namespace ProfilesModule.Sqlite;

/// <summary>Turns an error of SQLite into one of .NET, because the types of this assembly's libraries stay inside it.</summary>
internal static class SqliteFailure
{
    // Result codes: https://www.sqlite.org/rescode.html
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    public static Exception ToException(SqliteException failure, string path) => failure.SqliteErrorCode switch
    {
        Busy or Locked => new IOException($"The profile database '{path}' is in use by another program. ({failure.Message})"),
        NotADatabase => new InvalidDataException($"'{path}' is not an SQLite database. ({failure.Message})"),
        Corrupt => new InvalidDataException($"The profile database '{path}' is damaged. ({failure.Message})"),
        Full => new IOException($"No space is left for the profile database '{path}'. ({failure.Message})"),
        CannotOpen => new IOException($"The profile database '{path}' cannot be opened. ({failure.Message})"),
        _ => new IOException($"The profile database '{path}' failed. ({failure.Message})"),
    };
}
