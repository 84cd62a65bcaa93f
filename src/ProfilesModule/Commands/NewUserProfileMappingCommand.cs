using System.Management.Automation;
using System.Text.Json.Nodes;
using ProfilesModule.Files;
using ProfilesModule.Isolation;
using ProfilesModule.Mapping;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Database;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Commands;

/// <summary>
/// Writes a mapping for a CSV file or a query: the parameters that you specify, the column of the identifier, and, for a file, the
/// types of the columns as -InferType recognizes them in the first 1,000 rows, each with its reason as a comment. Imports with the
/// mapping do the same as imports with these parameters and -InferType, but the types do not depend on the rows of a later file: a
/// cell that does not match rejects its row, and a column that is missing is an error. Review the mapping, correct it, and keep it
/// with your code.
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
/// <example>
/// <code>
/// $database = @{ Provider = 'PostgreSql'; ConnectionVariable = 'CRM' }
/// New-UserProfileMapping -QueryPath users.sql @database -ExcludeProperty note -DestinationPath users.mapping.json
/// Import-UserProfileQuery -QueryPath users.sql @database -MappingPath users.mapping.json
/// </code>
/// <para>Writes a mapping for the rows of a query, and imports them with it.</para>
/// </example>
/// <remarks>
/// <para>Types are inferred without -InferType too. With -InferType:$false, columns without a -PropertyType are text.</para>
/// <para>With -Query or -QueryPath, the command has the parameters of Import-UserProfileQuery for the database and its columns in place of
/// those for CSV files. It executes the query, but reads no row. Values have the types that they have in the database, so these are listed
/// as comments.</para>
/// </remarks>
/// <seealso cref="ImportUserProfileCsvCommand"/>
/// <seealso cref="TestUserProfileCommand"/>
[Cmdlet(VerbsCommon.New, "UserProfileMapping", SupportsShouldProcess = true, DefaultParameterSetName = PathSet)]
[OutputType(typeof(string), typeof(FileInfo))]
public sealed class NewUserProfileMappingCommand : PSCmdlet, IDynamicParameters, IDisposable
{
    private const string PathSet = ImportCommand.PathSet;
    private const string LiteralPathSet = ImportCommand.LiteralPathSet;

    private readonly CancellationTokenSource _stop = new();
    private readonly CsvParameters _csv = new() { InferType = true };
    private readonly DatabaseParameters _database = new();

    /// <summary>The CSV file to look at, compressed or not. A wildcard must match one file.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0)]
    [SupportsWildcards]
    public string Path { get; set; } = "";

    /// <summary>The CSV file to look at, by its exact name.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true)]
    [Alias("PSPath", "LP")]
    public string LiteralPath { get; set; } = "";

    /// <summary>The query to look at, in the language of the database.</summary>
    [Parameter(ParameterSetName = QueryParameters.QuerySet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string? Query { get; set; }

    /// <inheritdoc cref="QueryParameters.QueryPath"/>
    [Parameter(ParameterSetName = QueryParameters.QueryPathSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string? QueryPath { get; set; }

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
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter RandomIdentifier { get; set; }

    /// <inheritdoc cref="ImportUserProfileCsvCommand.Unique"/>
    [MappingMember]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Unique { get; set; }

    private bool IsOfQuery => Query is not null || QueryPath is not null;

    private IReadOnlyList<string> IdentifierNames => ProfileFields.IdNames(GroupKey);

    /// <summary>The parameters for CSV files, or for databases.</summary>
    public object GetDynamicParameters() => IsOfQuery ? _database : _csv;

    /// <summary>Releases what the command holds.</summary>
    public void Dispose() => _stop.Dispose();

    /// <summary>Cancels the query; called from another thread.</summary>
    protected override void StopProcessing() => _stop.Cancel();

    /// <summary>Writes the mapping.</summary>
    protected override void ProcessRecord()
    {
        try
        {
            var destination = DestinationPath is null ? null : OutputPath.Resolve(this, DestinationPath, isLiteral: true);
            if (!Force && File.Exists(destination))
                throw new FailureException(Failures.MappingExists(destination));
            if (GroupKey is not null && !Operation.IsForGroups())
                throw new FailureException(Failures.OperationNotForGroups(Operation));
            var text = IsOfQuery ? MappingOfQuery() : MappingOfFile(Input());
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

    private string MappingOfQuery()
    {
        var name = QueryParameters.NameOf(QueryPath ?? "");
        var query = _database.DatabaseQuery(name, QueryPath is null ? Query! : TextFile.Read(this, QueryPath));
        var options = _database.JsonOptions(_database.IdentifierProperty, null, IdentifierNames, Operation, skipsEmpty: true);
        var source = new DatabaseSource(query, _database.TimeZone, options, _stop.Token);
        return new QueryMapping(source.Columns(), IdentifierNames, Specified(_database)).Text(name);
    }

    private string MappingOfFile(string file)
    {
        if (RandomIdentifier && ImportUserProfileCsvCommand.ConflictWithRandomIdentifier(_csv, Unique) is { } other)
            throw new FailureException(Failures.RandomIdentifierUnfit(other));
        var source = new CsvSource(Dependencies.Csv, _csv.CsvOptions(Operation) with
        {
            IdentifierNames = IdentifierNames,
            OtherIdentifiers = GroupKey is null ? ImportUserProfileCsvCommand.EmailNames : [],
            MakesIdentifiers = RandomIdentifier,
            MasksValues = true,
        })
        {
            Warn = this.Warn,
            Inform = this.WriteDetail,
        };
        try
        {
            return new CsvMapping(source.Look(file), Specified(_csv)).Text(file);
        }
        catch (Exception e) when (FileInputs.FailureOf(e, file, source.NotReadable) is { } failure)
        {
            throw new FailureException(failure);
        }
    }

    private IReadOnlyDictionary<string, JsonNode?> Specified(object parameters) => MappingMember.Of([this, parameters])
        .Where(member => member.Property.Name != nameof(CsvParameters.InferType))
        .Where(member => MyInvocation.BoundParameters.ContainsKey(member.Property.Name))
        .Select(member => (member.Name, Value: ParameterValues.Node(member.Property.GetValue(member.Owner))))
        .Where(member => member.Value is not null && member.Value.ToString().Length > 0)
        .ToDictionary(member => member.Name, member => member.Value);

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
