using System.Management.Automation;
using ProfilesModule.Files;
using ProfilesModule.Isolation;
using ProfilesModule.Mapping;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Commands;

/// <summary>
/// Writes a mapping for a CSV file: the parameters that you specify, the column of the identifier, and the types of the columns as
/// -InferType recognizes them in the first 1,000 rows, each with its reason as a comment. Imports with the mapping do the same as imports
/// with these parameters and -InferType, but the types do not depend on the rows of a later file: a cell that does not match rejects its
/// row, and a column that is missing is an error. Review the mapping, correct it, and keep it with your code.
/// See about_ProfilesModule_Mapping.
/// </summary>
/// <example>
/// <code>
/// New-UserProfileMapping users.csv -NullText NULL -DestinationPath users.mapping.json
/// Import-UserProfileCsv users.csv -MappingPath users.mapping.json
/// </code>
/// <para>Writes a mapping and imports the file with it.</para>
/// </example>
/// <example>
/// <code>New-UserProfileMapping companies.csv -GroupKey company -IdentifierColumn id</code>
/// <para>Shows the mapping for the rows of groups.</para>
/// </example>
/// <remarks>
/// Types are inferred without -InferType too. With -InferType:$false, columns without a -PropertyType are text.
/// </remarks>
/// <seealso cref="ImportUserProfileCsvCommand"/>
/// <seealso cref="TestUserProfileCommand"/>
[Cmdlet(VerbsCommon.New, "UserProfileMapping", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class NewUserProfileMappingCommand : PSCmdlet, IDynamicParameters
{
    private const string PathSet = ImportCommand.PathSet;
    private const string LiteralPathSet = ImportCommand.LiteralPathSet;

    private readonly CsvParameters _csv = new() { InferType = true };

    /// <summary>The CSV file to look at, compressed or not. A wildcard must match one file.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0)]
    [SupportsWildcards]
    public string Path { get; set; } = "";

    /// <summary>The CSV file to look at, by its exact name.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true)]
    [Alias("PSPath", "LP")]
    public string LiteralPath { get; set; } = "";

    /// <summary>The mapping file to write. Default: the mapping is written to the pipeline as text.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

    /// <summary>Overwrites an existing mapping file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>The group key, such as company, if the rows are those of groups. Default: they are those of users.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? GroupKey { get; set; }

    /// <inheritdoc cref="ImportCommand.Operation"/>
    [MappingMember]
    [Parameter]
    [ValidateSet(nameof(Model.Operation.Set), nameof(Model.Operation.SetOnce), nameof(Model.Operation.Add),
        nameof(Model.Operation.Append), nameof(Model.Operation.Union), nameof(Model.Operation.Remove))]
    public Operation Operation { get; set; } = Operation.Set;

    /// <inheritdoc cref="ImportCommand.AllowAnyIdentifier"/>
    [MappingMember]
    [Parameter]
    public SwitchParameter AllowAnyIdentifier { get; set; }

    /// <inheritdoc cref="ImportCommand.Strict"/>
    [MappingMember]
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <inheritdoc cref="ImportUserProfileCsvCommand.IgnoreTime"/>
    [MappingMember]
    [Parameter]
    public SwitchParameter IgnoreTime { get; set; }

    /// <inheritdoc cref="ImportUserProfileCsvCommand.RandomIdentifier"/>
    [MappingMember]
    [Parameter]
    public SwitchParameter RandomIdentifier { get; set; }

    /// <inheritdoc cref="ImportUserProfileCsvCommand.Unique"/>
    [MappingMember]
    [Parameter]
    public SwitchParameter Unique { get; set; }

    /// <summary>The parameters for CSV files.</summary>
    public object GetDynamicParameters() => _csv;

    /// <summary>Writes the mapping.</summary>
    protected override void ProcessRecord()
    {
        try
        {
            var destination = DestinationPath is null ? null : OutputPath.Resolve(this, DestinationPath, isLiteral: true);
            if (!Force && File.Exists(destination))
                throw new FailureException(Failures.MappingExists(destination));
            var text = Mapping(Input());
            if (destination is null)
                WriteObject(text);
            else if (ShouldProcess(destination, "Write mapping"))
                Write(destination, text);
        }
        catch (FailureException e)
        {
            this.ThrowTerminatingError(e.Failure);
        }
    }

    private string Input()
    {
        var isLiteral = ParameterSetName == LiteralPathSet;
        var path = isLiteral ? LiteralPath : Path;
        var files = InputPath.Resolve(this, path, isLiteral, failure => throw new FailureException(failure));
        return files switch
        {
            [FileInputs.StandardInput] => throw new FailureException(Failures.NotAFile(path)),
            [var only] => only,
            _ => throw new FailureException(Failures.PathAmbiguous(path, files.Count)),
        };
    }

    private string Mapping(string file)
    {
        if (RandomIdentifier && ImportUserProfileCsvCommand.ConflictWithRandomIdentifier(_csv, Unique) is { } other)
            throw new FailureException(Failures.RandomIdentifierUnfit(other));
        if (GroupKey is not null && !Operation.IsForGroups())
            throw new FailureException(Failures.OperationNotForGroups(Operation));
        var source = new CsvSource(Dependencies.Csv, _csv.CsvOptions(Operation) with
        {
            IdentifierNames = GroupKey is null ? ProfileFields.DistinctIdNames : ProfileFields.GroupIdNames,
            OtherIdentifiers = GroupKey is null ? ImportUserProfileCsvCommand.EmailNames : [],
            MakesIdentifiers = RandomIdentifier,
            MasksValues = true,
        })
        {
            Warn = this.Warn,
            Inform = this.WriteDetail,
        };
        var specified = MappingMember.Of([this, _csv])
            .Where(member => member.Property.Name != nameof(CsvParameters.InferType))
            .Where(member => MyInvocation.BoundParameters.ContainsKey(member.Property.Name))
            .Select(member => (member.Name, Value: ParameterValues.Node(member.Property.GetValue(member.Owner))))
            .Where(member => member.Value is not null && member.Value.ToString().Length > 0)
            .ToDictionary(member => member.Name, member => member.Value);
        try
        {
            return new CsvMapping(source.Look(file), specified).Text(file);
        }
        catch (Exception e) when (FileInputs.FailureOf(e, file, source.NotReadable) is { } failure)
        {
            throw new FailureException(failure);
        }
    }

    private void Write(string destination, string text)
    {
        try
        {
            File.WriteAllText(destination, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException(Failures.FileNotWritable(e, destination));
        }

        WriteObject(new FileInfo(destination));
    }
}
