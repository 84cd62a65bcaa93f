using System.Collections;
using System.Data.Common;
using System.Management.Automation;
using System.Security;
using ProfilesModule.Binding;
using ProfilesModule.Database;
using ProfilesModule.Mapping;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Database;

namespace ProfilesModule.Commands;

/// <summary>The parameters of commands that read from databases: which one, and what becomes of its columns.</summary>
public class DatabaseParameters : RowParameters
{
    /// <inheritdoc cref="RowParameters.Property"/>
    [MappingMember]
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public new string[]? Property { get => base.Property; set => base.Property = value; }

    /// <inheritdoc cref="RowParameters.ExcludeProperty"/>
    [MappingMember]
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public new string[]? ExcludeProperty { get => base.ExcludeProperty; set => base.ExcludeProperty = value; }

    /// <inheritdoc cref="RowParameters.HashProperty"/>
    [MappingMember]
    [Parameter]
    [ValidateNotNullOrEmpty]
    public new string[] HashProperty { get => base.HashProperty; set => base.HashProperty = value; }

    /// <inheritdoc cref="RowParameters.PropertyMap"/>
    [MappingMember]
    [Parameter]
    [ValidateUnicode]
    [ValidateNotNull]
    public new IDictionary? PropertyMap { get => base.PropertyMap; set => base.PropertyMap = value; }

    /// <inheritdoc cref="RowParameters.UseReservedName"/>
    [MappingMember]
    [Parameter]
    public new SwitchParameter UseReservedName { get => base.UseReservedName; set => base.UseReservedName = value; }

    /// <summary>The kind of database: PostgreSql, SqlServer, MySql (also MariaDB), Sqlite or Odbc. The module brings the drivers.</summary>
    [Parameter]
    public DatabaseProvider? Provider { get; set; }

    /// <summary>The connection string for the driver of -Provider, as text or as a SecureString. It is never shown.</summary>
    [Parameter]
    [SecretTransformation]
    [ValidateNotNull]
    public SecureString? ConnectionString { get; set; }

    /// <summary>The name of the environment variable that holds the connection string.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ConnectionVariable { get; set; }

    /// <summary>The user name and password for the database, in place of those of the connection string. They are never shown.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>
    /// An open connection of any driver of .NET, such as one to Oracle, Snowflake or DuckDB, or to Azure SQL with a managed identity.
    /// It stays open. Use it in place of -Provider.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public DbConnection? DbConnection { get; set; }

    /// <summary>
    /// The values of the parameters of the query, by name, such as @{ since = $date }.
    /// For ODBC, in the order of the question marks.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Parameter { get; set; }

    /// <summary>How many seconds the database may take until the first row. Default 0, no limit.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int CommandTimeout { get; set; }

    /// <summary>The column that holds the distinct id, as text or an integer. Default: distinct_id, $distinct_id or DistinctId.</summary>
    [MappingMember]
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? IdentifierProperty { get; set; }

    /// <summary>
    /// The time zone, such as Europe/Vienna, of times that do not say which they are in. Default UTC. Times with a time zone are converted
    /// to UTC, and dates without a time stay dates.
    /// </summary>
    [MappingMember]
    [Parameter]
    [ValidateNotNull]
    [TimeZoneTransformation]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>A query of the database that these parameters specify.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="text">The query.</param>
    /// <exception cref="FailureException">The parameters cannot be used.</exception>
    internal DatabaseQuery DatabaseQuery(string name, string text)
    {
        var query = new DatabaseQuery
        {
            Name = name,
            Text = text,
            Parameters = Parameter is null
                ? new Dictionary<string, object?>()
                : Parameter.Cast<DictionaryEntry>().ToDictionary(p => p.Key.ToString()!, p => Plain(p.Value)),
            TimeoutSeconds = CommandTimeout,
            Connection = DbConnection,
        };
        if (DbConnection is not null)
        {
            return Provider is null && ConnectionString is null && ConnectionVariable is null && Credential is null
                ? query
                : throw Unfit("-DbConnection is an open connection, so -Provider, -ConnectionString, -ConnectionVariable "
                    + "and -Credential cannot be used with it.");
        }

        if (Provider is not { } provider)
            throw Unfit("It is not known which database to connect to.");
        if (ConnectionString is null == ConnectionVariable is null)
            throw Unfit("Either -ConnectionString or -ConnectionVariable is needed.");
        var driver = DatabaseDriver.Of(provider);
        var connection = new ConnectionString(driver, ConnectionText, Credential?.GetNetworkCredential());
        return query with { Connect = connection.Connect, SessionSettings = driver.SessionSettings, Secrets = connection.Secrets };
    }

    private string ConnectionText => ConnectionString is not null
        ? ConnectionSettings.PlainText(ConnectionString)
        : Environment.GetEnvironmentVariable(ConnectionVariable!) is { Length: > 0 } text ? text
        : throw Unfit($"The environment variable '{ConnectionVariable}' is not set.");

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static FailureException Unfit(string problem) => new(Failures.DatabaseParameters(
        problem,
        "Specify -Provider with -ConnectionString or -ConnectionVariable, or pass an open connection with -DbConnection."));
}
