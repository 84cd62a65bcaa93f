namespace ProfilesModule;

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
