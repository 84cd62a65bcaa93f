using System.Data;
using System.Data.Common;
using System.Reflection;
using ProfilesModule.Rules;

namespace ProfilesModule.Sources.Database;

/// <summary>
/// One execution of a query: its connection, its command and its rows. What it does not need any more is canceled on the server.
/// </summary>
internal sealed class DatabaseSession : IDisposable
{
    private readonly DbConnection _connection;
    private readonly DbCommand _command;
    private readonly bool _ownsConnection;
    private readonly CancellationTokenRegistration _canceling;
    private bool _isAtEnd;

    /// <summary>Executes a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="stop">Cancels it on the server.</param>
    /// <exception cref="FailureException">The database cannot be reached, or refuses the query.</exception>
    public DatabaseSession(DatabaseQuery query, CancellationToken stop)
    {
        _ownsConnection = query.Connection is null;
        var isConnected = false;
        try
        {
            _connection = query.Connection ?? query.Connect!();
            if (_connection.State != ConnectionState.Open)
                _connection.OpenAsync(stop).GetAwaiter().GetResult();
            isConnected = true;
            foreach (var setting in query.SessionSettings)
                Execute(setting);
            _command = Command(query);
            _canceling = stop.Register(() => _ = Task.Run(Cancel, CancellationToken.None));
            Rows = _command.ExecuteReaderAsync(CommandBehavior.SingleResult, stop).GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            Dispose();
            stop.ThrowIfCancellationRequested();
            throw query.Failed(e, isConnected);
        }
    }

    /// <summary>The rows of the query.</summary>
    public DbDataReader Rows { get; }

    /// <summary>Whether the values of all columns are texts, as the server writes them.</summary>
    public bool HasTexts { get; private set; }

    public bool Read()
    {
        _isAtEnd = !Rows.Read();
        return !_isAtEnd;
    }

    public void Dispose()
    {
        _canceling.Dispose();

        // A reader that is closed reads the rest of its rows, unless the server was told that nobody wants them.
        if (Rows is not null && !_isAtEnd)
            Cancel();
        Attempt(() => Rows?.Dispose());
        Attempt(() => _command?.Dispose());
        if (_ownsConnection)
            Attempt(() => _connection?.Dispose());
    }

    private void Cancel() => Attempt(_command.Cancel);

    private void Execute(string statement)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    private DbCommand Command(DatabaseQuery query)
    {
        var command = _connection.CreateCommand();
        command.CommandText = query.Text;
        command.CommandTimeout = query.TimeoutSeconds;
        foreach (var (name, value) in query.Parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        // Npgsql's types cannot hold every value of PostgreSQL: long numerics, infinity, intervals of months. The server's texts can.
        if (command.GetType().GetProperty("AllResultTypesAreUnknown", BindingFlags.Instance | BindingFlags.Public) is { } texts)
        {
            texts.SetValue(command, true);
            HasTexts = true;
        }

        return command;
    }

    // Whatever a driver does when it is ended early is not the failure that users need to hear of.
    private static void Attempt(Action end)
    {
        try
        {
            end();
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or OperationCanceledException or IOException
            or TimeoutException or NotSupportedException)
        {
        }
    }
}
