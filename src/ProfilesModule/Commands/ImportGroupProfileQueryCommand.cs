using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>
/// Imports group profiles from a database: runs a query and sets each column except the identifier as a property, with the type that it
/// has in the database. Columns without a value are left out. Always ends with one summary, whose ExitCode is for jobs.
/// </summary>
/// <example>
/// <code>
/// $query = 'select id, name, seats from companies'
/// Import-GroupProfileQuery $query -GroupKey company -Provider MySql -ConnectionVariable CRM -IdentifierProperty id
/// </code>
/// <para>Imports companies. The environment variable CRM holds the connection string.</para>
/// </example>
/// <seealso cref="ImportUserProfileQueryCommand"/>
[Cmdlet(VerbsData.Import, "GroupProfileQuery", SupportsShouldProcess = true, DefaultParameterSetName = QueryParameters.QuerySet)]
[OutputType(typeof(ImportResult))]
public sealed class ImportGroupProfileQueryCommand : ImportCommand
{
    private readonly QueryParameters _query = new();

    /// <inheritdoc cref="ImportGroupProfileCsvCommand.GroupKey"/>
    [Parameter(Mandatory = true)]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    public string GroupKey { get; set; } = "";

    /// <inheritdoc/>
    public override object GetDynamicParameters() => _query;

    private protected override RecordOptions Records => new() { GroupKey = GroupKey };

    private protected override IEnumerable<string> Inputs() => [_query.Name];

    private protected override RowSource CreateSource() => _query.Source(this, IdentifierNames, Operation, StopToken);
}
