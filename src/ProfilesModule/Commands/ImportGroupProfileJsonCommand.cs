using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Mapping;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>
/// Imports group profiles from JSON files: one object per line (NDJSON), or one list of objects. Every member except the identifier
/// is set as a property, with its value unchanged. Always ends with one summary, whose ExitCode is for jobs.
/// </summary>
/// <example>
/// <code>Import-GroupProfileJson companies.ndjson -GroupKey company -IdentifierProperty company_id</code>
/// <para>Imports a file whose member company_id holds the ids of companies.</para>
/// </example>
/// <seealso cref="ImportUserProfileJsonCommand"/>
[Cmdlet(VerbsData.Import, "GroupProfileJson", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(ImportResult))]
public sealed class ImportGroupProfileJsonCommand : ImportCommand
{
    private readonly RowParameters _rows = new();

    /// <inheritdoc cref="ImportGroupProfileCsvCommand.GroupKey"/>
    [Parameter(Mandatory = true)]
    [ValidateUnicode]
    [ValidateNotNullOrEmpty]
    public string GroupKey { get; set; } = "";

    /// <summary>The name of the member that holds the id of the group, as text or an integer. Default: one of the usual names.</summary>
    [MappingMember]
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FieldNameCompleter))]
    public string? IdentifierProperty { get; set; }

    /// <inheritdoc cref="ImportUserProfileJsonCommand.Root"/>
    [MappingMember]
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Root { get; set; }

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
    public override object GetDynamicParameters() => _rows;

    private protected override FileImport Files => new(Unique, SkipSuperseded, MaxParseErrors);

    private protected override RecordOptions Records => new() { GroupKey = GroupKey };

    private protected override IEnumerable<string> Inputs() => Resolve(Path, LiteralPath);

    private protected override RowSource CreateSource() => _rows.JsonSource(this, IdentifierProperty, Root, IdentifierNames, Operation);
}
