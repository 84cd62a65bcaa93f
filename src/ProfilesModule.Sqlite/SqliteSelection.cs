using System.Runtime.ExceptionServices;
using Microsoft.Data.Sqlite;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Sqlite;

/// <summary>
/// The statement of a <see cref="ProfileSelection"/>. What the index holds is searched and sorted in it alone, because it is a fraction
/// of the table. Everything else goes through every profile of the group type.
/// </summary>
internal sealed class SqliteSelection : IDisposable
{
    private const string IndexName = "profile_selection";
    private const string Name = "(properties ->> '$.\"$name\"') COLLATE NOCASE";
    private const string Email = "(properties ->> '$.\"$email\"') COLLATE NOCASE";
    private const string LastSeen = "(properties ->> '$.\"$last_seen\"') COLLATE NOCASE";

    /// <summary>Makes the index.</summary>
    public const string CreateIndex =
        $"CREATE INDEX IF NOT EXISTS {IndexName} ON profile (data_group_id, {LastSeen}, distinct_id, {Name}, {Email})";

    private readonly SqliteConnection _connection;
    private readonly ProfileSelection _selection;
    private readonly string _path;
    private readonly SqliteCommand _command;
    private Exception? _thrown;

    /// <summary>Prepares to count the profiles.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="selection">The selection.</param>
    public SqliteSelection(SqliteConnection connection, string path, ProfileSelection selection)
        : this(connection, path, selection, "count(*)", "")
    {
    }

    /// <summary>Prepares to list the positions of a part of the profiles.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="selection">The selection.</param>
    /// <param name="offset">How many profiles come before the part.</param>
    /// <param name="count">The most profiles of the part.</param>
    public SqliteSelection(SqliteConnection connection, string path, ProfileSelection selection, int offset, int count)
        : this(connection, path, selection, "position", FormattableString.Invariant($"LIMIT {count} OFFSET {offset}"))
    {
    }

    private SqliteSelection(SqliteConnection connection, string path, ProfileSelection selection, string result, string part)
    {
        (_connection, _path, _selection) = (connection, path, selection);
        var isCount = part.Length == 0;
        var usesIndex = (selection.Text is not null || selection.SortBy is not null) && selection.Condition is null
            && (isCount || selection.SortBy is null || IsIndexed(selection.SortBy)) && HasIndex();

        // Without the plus sign, SQLite would take the unique index, and read the profiles in the order of their ids, all over the file.
        var group = usesIndex ? "data_group_id" : "+data_group_id";
        _command = connection.Prepare(
            $"""
            SELECT {result} FROM profile {(usesIndex ? $"INDEXED BY {IndexName}" : "")}
            WHERE {group} = $group {Search()} {Condition()} {(isCount ? "" : $"ORDER BY {Order()} {part}")}
            """,
            "$group", "$lower", "$upper");
        _command.Parameters[0].Value = selection.DataGroupId;
        _command.Parameters[1].Value = Pattern(selection.Text?.ToLowerInvariant());
        _command.Parameters[2].Value = Pattern(selection.Text?.ToUpperInvariant());
    }

    /// <summary>Counts the profiles.</summary>
    public long Count() => (long)Run(_command.ExecuteScalar)!;

    /// <summary>Lists the positions.</summary>
    public IEnumerable<long> Positions()
    {
        using var reader = Run(_command.ExecuteReader);
        while (Run(reader.Read))
            yield return reader.GetInt64(0);
    }

    public void Dispose() => _command.Dispose();

    private static bool IsIndexed(string property) => property is "$name" or "$email" or "$last_seen" or ProfileSelection.DistinctId;

    private bool HasIndex() =>
        _connection.Scalar($"SELECT count(*) FROM sqlite_master WHERE type = 'index' AND name = '{IndexName}'") > 0;

    // LIKE ignores the case of ASCII letters only; the others of a text are nearly always in one case or the other.
    private string Search()
    {
        if (_selection.Text is null)
            return "";
        string[] columns = ["distinct_id", Name, Email];
        string[] patterns = _selection.Text.All(char.IsAscii) ? ["$lower"] : ["$lower", "$upper"];
        var tests = columns.SelectMany(column => patterns.Select(
            pattern => $@"{column} LIKE {pattern} ESCAPE '\' AND typeof({column}) = 'text'"));
        return $"AND ({string.Join(" OR ", tests)})";
    }

    private static string Pattern(string? text) =>
        "%" + text?.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal) + "%";

    private string Condition()
    {
        if (_selection.Condition is not { } condition)
            return "";
        _connection.CreateFunction("satisfies", (long position, string id, byte[] properties) =>
        {
            try
            {
                return condition(new(position, id, properties));
            }
            catch (Exception e)
            {
                _thrown = e;
                throw;
            }
        });
        return "AND satisfies(position, distinct_id, CAST(properties AS BLOB))";
    }

    private string Order()
    {
        var direction = _selection.Descending ? "DESC" : "ASC";
        var key = _selection.SortBy switch
        {
            null => null,
            ProfileSelection.DistinctId => $"distinct_id {direction}",
            "$last_seen" => $"{LastSeen} {direction} NULLS LAST",
            "$name" => $"{Name} {direction} NULLS LAST",
            "$email" => $"{Email} {direction} NULLS LAST",
            _ => $"sort_key(CAST(properties AS BLOB)) {direction} NULLS LAST",
        };
        if (_selection.SortBy is { } property && !IsIndexed(property))
            _connection.CreateFunction("sort_key", (byte[] properties) => ProfileSelection.SortKey(new(0, "", properties), property));
        return key is null ? "position" : $"{key}, position";
    }

    // SQLite makes an error of its own of what a condition throws.
    private T Run<T>(Func<T> access)
    {
        try
        {
            return SqliteProfileFile.Guard(_path, access);
        }
        catch (IOException) when (_thrown is not null)
        {
            ExceptionDispatchInfo.Throw(_thrown);
            throw;
        }
    }
}
