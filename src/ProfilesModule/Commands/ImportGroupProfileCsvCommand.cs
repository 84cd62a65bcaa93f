using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Isolation;
using ProfilesModule.Mapping;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>
/// Imports group profiles from CSV files: sets every column except the identifier as a property, as text unless -PropertyType
/// specifies otherwise, and leaves out empty cells. Always ends with one summary, whose ExitCode is for jobs.
/// </summary>
/// <example>
/// <code>Import-GroupProfileCsv companies.csv -GroupKey company -IdentifierColumn company_id</code>
/// <para>Imports a file whose column company_id holds the ids of companies.</para>
/// </example>
[Cmdlet(VerbsData.Import, "GroupProfileCsv", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(ImportResult))]
public sealed class ImportGroupProfileCsvCommand : ImportCommand
{
    private readonly CsvParameters _csv = new();

    /// <summary>The kind of group, such as company, as it is set up in the project.</summary>
    [Parameter(Mandatory = true)]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    public string GroupKey { get; set; } = "";

    /// <inheritdoc cref="ImportUserProfileCsvCommand.Path"/>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0, ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <inheritdoc cref="ImportUserProfileCsvCommand.LiteralPath"/>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP", "FullName")]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc cref="ImportUserProfileCsvCommand.Unique"/>
    [MappingMember]
    [Parameter]
    public SwitchParameter Unique { get; set; }

    /// <inheritdoc cref="ImportUserProfileCsvCommand.MaxParseErrors"/>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int MaxParseErrors { get; set; }

    /// <inheritdoc cref="ImportUserProfileCsvCommand.SkipSuperseded"/>
    [Parameter]
    public SwitchParameter SkipSuperseded { get; set; }

    /// <inheritdoc/>
    public override object GetDynamicParameters() => _csv;

    private protected override FileImport Files => new(Unique, SkipSuperseded, MaxParseErrors);

    private protected override RecordOptions Records => new() { GroupKey = GroupKey };

    private protected override IEnumerable<string> Inputs() => Resolve(Path, LiteralPath);

    private protected override RowSource CreateSource() =>
        new CsvSource(Dependencies.Csv, _csv.CsvOptions(Operation) with { IdentifierNames = IdentifierNames });
}
