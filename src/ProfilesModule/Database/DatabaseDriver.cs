using System.Data.Common;
using ProfilesModule.Isolation;
using ProfilesModule.Rules;

namespace ProfilesModule.Database;

/// <summary>The driver of a kind of database.</summary>
/// <param name="Provider">The kind of database.</param>
/// <param name="Assembly">The assembly of the driver.</param>
/// <param name="Factory">The type in it that makes connections.</param>
/// <param name="User">The keyword of the user in a connection string.</param>
/// <param name="Password">The keyword of the password.</param>
internal sealed record DatabaseDriver(DatabaseProvider Provider, string Assembly, string Factory, string User, string Password)
{
    private static readonly DatabaseDriver[] All =
    [
        new(DatabaseProvider.PostgreSql, "Npgsql", "Npgsql.NpgsqlFactory", "Username", "Password")
        {
            SessionSettings = ["SET DateStyle = 'ISO, YMD'", "SET TimeZone = 'UTC'", "SET IntervalStyle = 'postgres'"],
        },
        new(DatabaseProvider.SqlServer, "Microsoft.Data.SqlClient", "Microsoft.Data.SqlClient.SqlClientFactory", "User ID", "Password"),
        new(DatabaseProvider.MySql, "MySqlConnector", "MySqlConnector.MySqlConnectorFactory", "User ID", "Password")
        {
            SessionSettings = ["SET time_zone = '+00:00'"],
        },
        new(DatabaseProvider.Sqlite, "Microsoft.Data.Sqlite", "Microsoft.Data.Sqlite.SqliteFactory", "User ID", "Password"),
        new(DatabaseProvider.Odbc, "System.Data.Odbc", "System.Data.Odbc.OdbcFactory", "UID", "PWD"),
    ];

    /// <summary>What a session is told first, so that its times are in UTC and its texts have one form.</summary>
    public IReadOnlyList<string> SessionSettings { get; private init; } = [];

    // The store of the embedded service has the driver of SQLite already.
    private string? Folder => Provider == DatabaseProvider.Sqlite ? null : Provider.ToString().ToLowerInvariant();

    public static DatabaseDriver Of(DatabaseProvider provider) => All.First(driver => driver.Provider == provider);

    /// <summary>Loads the driver.</summary>
    /// <exception cref="FailureException">It cannot be loaded.</exception>
    public DbProviderFactory Load()
    {
        try
        {
            var factory = Dependencies.LoadDriver(Folder, Assembly).GetType(Factory, throwOnError: true)!;
            return (DbProviderFactory)factory.GetField("Instance")!.GetValue(null)!;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or TypeLoadException or TypeInitializationException)
        {
            throw new FailureException(Failures.DatabaseNotReachable(e.Message));
        }
    }
}

/// <summary>A kind of database, whose driver the module brings.</summary>
public enum DatabaseProvider
{
    /// <summary>PostgreSQL, and databases that speak its protocol. The driver is Npgsql.</summary>
    PostgreSql,

    /// <summary>SQL Server and Azure SQL. The driver is Microsoft.Data.SqlClient.</summary>
    SqlServer,

    /// <summary>MySQL and MariaDB. The driver is MySqlConnector.</summary>
    MySql,

    /// <summary>A file of SQLite. The driver is Microsoft.Data.Sqlite.</summary>
    Sqlite,

    /// <summary>Any database with an ODBC driver on this machine. Parameters of the query are question marks.</summary>
    Odbc,
}
