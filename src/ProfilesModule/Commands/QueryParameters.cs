using System.Collections;
using System.Data.Common;
using System.Management.Automation;
using System.Security;
using ProfilesModule.Binding;
using ProfilesModule.Database;
using ProfilesModule.Files;
using ProfilesModule.Mapping;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Database;

namespace ProfilesModule.Commands;

/// <summary>The parameters of imports from databases.</summary>
public sealed class QueryParameters : RowParameters
{
    /// <summary>The parameter set of a query that is given as text.</summary>
    internal const string QuerySet = "Query";

    private const string QueryPathSet = "QueryPath";

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

    /// <summary>The query, in the language of the database. Its first result is read once, forward, so its size does not matter.</summary>
    [Parameter(ParameterSetName = QuerySet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Query { get; set; } = "";

    /// <summary>The file that holds the query, in UTF-8.</summary>
    [Parameter(ParameterSetName = QueryPathSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string QueryPath { get; set; } = "";

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

    /// <summary>
    /// The column by which the query is ordered, such as its key; its values must be unique. With -JournalPath and -Resume, the import
    /// continues behind the last row that has an outcome. A query that begins behind @after (where id &gt; @after order by id, with
    /// -Parameter @{ after = 0 } for its first run) gets the value of that row, so that the database itself compares. Of any other query,
    /// the values must be numbers, and the rows before are read again and left out. With a journal, requests are sent one at a time.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OrderedBy { get; set; }

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

    /// <summary>What messages call the query.</summary>
    internal string Name => QueryPath.Length > 0 ? Path.GetFileName(QueryPath) : "query";

    /// <summary>The rows of the query as a source of updates.</summary>
    /// <param name="command">The command.</param>
    /// <param name="identifierNames">The usual names of the column with the identifier.</param>
    /// <param name="operation">What the rows do to their profiles.</param>
    /// <param name="stop">Cancels the query.</param>
    /// <exception cref="FailureException">The parameters cannot be used.</exception>
    internal DatabaseSource Source(
        ImportCommand command, IReadOnlyList<string> identifierNames, Operation operation, CancellationToken stop)
    {
        if (command.JournalPath is not null && OrderedBy is null)
            throw new FailureException(Failures.OrderNeeded);
        if (command.JournalPath is not null && !operation.IsRepeatable())
            throw new FailureException(Failures.JournalNotForOperation(operation));
        var options = JsonOptions(IdentifierProperty, null, identifierNames, operation, skipsEmpty: true);
        return new(DatabaseQuery(command), TimeZone, options, stop);
    }

    private DatabaseQuery DatabaseQuery(PSCmdlet command)
    {
        var query = new DatabaseQuery
        {
            Name = Name,
            Text = QueryPath.Length > 0 ? TextFile.Read(command, QueryPath) : Query,
            Parameters = Parameter is null
                ? new Dictionary<string, object?>()
                : Parameter.Cast<DictionaryEntry>().ToDictionary(p => p.Key.ToString()!, p => Plain(p.Value)),
            TimeoutSeconds = CommandTimeout,
            OrderedBy = OrderedBy,
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
