using System.Management.Automation;
using ProfilesModule.Delivery;
using ProfilesModule.Mapping;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>
/// Imports user profiles from a database: runs a query and sets each column except the identifier as a property, with the type that it
/// has in the database. Columns without a value are left out. Rows are sent as they arrive, so the size of the result does not matter.
/// Always ends with one summary, whose ExitCode is for jobs.
/// </summary>
/// <example>
/// <code>
/// Import-UserProfileQuery 'select id, name, plan from users' -Provider PostgreSql -ConnectionVariable CRM -IdentifierProperty id
/// </code>
/// <para>Imports the rows of a table. The environment variable CRM holds the connection string, such as
/// Host=db;Database=crm;Username=sync.</para>
/// </example>
/// <example>
/// <code>
/// $parameters = @{ since = (Get-Date).AddHours(-1) }
/// $database = @{ Provider = 'SqlServer'; ConnectionString = $text; Credential = $credential }
/// Import-UserProfileQuery -QueryPath users.sql -Parameter $parameters @database -IdentifierProperty id -RejectPath refused.ndjson
/// </code>
/// <para>Runs a query from a file, which refers to its parameter as @since. Rejected rows are written to refused.ndjson, which
/// Import-UserProfileJson imports again.</para>
/// </example>
/// <example>
/// <code>Import-UserProfileQuery 'select * from users' -DbConnection $connection -IdentifierProperty ID</code>
/// <para>Uses a connection that a driver of your own has opened.</para>
/// </example>
/// <example>
/// <code>
/// $all = @{ partition = 0; partitionCount = 1 }
/// $query = 'select * from users where mod(abs(hashtext(id::text)::bigint), @partitionCount) = @partition'
/// Import-UserProfileQuery $query -Parameter $all -Provider PostgreSql -ConnectionVariable CRM -Partition 3 -PartitionCount 16
/// </code>
/// <para>Imports one of 16 parts of a table, which PostgreSQL chooses: the parameters partition and partitionCount get the numbers 3 and
/// 16. Without such a condition, each task reads all rows, and passes over those of the others. about_ProfilesModule_Partitions has the
/// conditions for MySQL, SQL Server, SQLite and ODBC.</para>
/// </example>
/// <remarks>
/// The session of -Provider PostgreSql and MySql is in UTC. Arrays and JSON become lists and objects; UUIDs, enumerations, intervals and
/// network addresses become text. Binary columns are refused. An ODBC driver may keep the whole result in memory: for psqlODBC,
/// set UseDeclareFetch=1 in the connection string.
/// </remarks>
/// <seealso cref="ImportUserProfileCsvCommand"/>
/// <seealso cref="ImportUserProfileJsonCommand"/>
[Cmdlet(VerbsData.Import, "UserProfileQuery", SupportsShouldProcess = true, DefaultParameterSetName = QueryParameters.QuerySet)]
[OutputType(typeof(ImportResult))]
public sealed class ImportUserProfileQueryCommand : ImportCommand
{
    private readonly QueryParameters _query = new();

    /// <inheritdoc cref="ImportUserProfileCsvCommand.IgnoreTime"/>
    [MappingMember]
    [Parameter]
    public SwitchParameter IgnoreTime { get; set; }

    /// <inheritdoc cref="ImportUserProfileCsvCommand.BackupPath"/>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BackupPath { get; set; }

    /// <inheritdoc/>
    public override object GetDynamicParameters() => _query;

    private protected override string? Backup => BackupPath;

    private protected override RecordOptions Records => new() { IgnoreTime = IgnoreTime };

    private protected override IEnumerable<string> Inputs() => [_query.Name];

    private protected override RowSource CreateSource() => _query.Source(this, IdentifierNames, Operation, StopToken);
}
