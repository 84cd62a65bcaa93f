using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Pipeline;
using ProfilesModule.Rows;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>
/// Sets properties of user profiles, and creates the profiles that do not exist. Takes rows from the pipeline (objects,
/// dictionaries, data rows, profiles), or one set of properties for named profiles.
/// </summary>
/// <example>
/// <code>Import-Csv users.csv | Set-UserProfile -IdentifierProperty user_id</code>
/// <para>Sets every column of the file but user_id as a property of the profile that user_id names.</para>
/// </example>
/// <example>
/// <code>Set-UserProfile -DistinctId 123 -Property @{ plan = 'pro' }</code>
/// <para>Sets one property of one profile.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "UserProfile", SupportsShouldProcess = true, DefaultParameterSetName = RowSet)]
[OutputType(typeof(UserProfile))]
public sealed class SetUserProfileCommand : DeliveryCommand
{
    private const string RowSet = "Row";
    private const string PropertySet = "Property";

    private readonly PipelineRow _row = new();
    private readonly PipelineRow _accepted = new();
    private readonly UserProfileObject _profiles;
    private ObjectUpdates? _updates;
    private long _rows;

    /// <summary>Makes the command.</summary>
    public SetUserProfileCommand() => _profiles = new() { Warn = _ => { } };

    /// <summary>
    /// A row: an object, a dictionary, a DataRow or data record, or a profile from Get-UserProfile. Every property but the
    /// identifier is set. Numbers, Booleans, dates, lists and nested objects keep their type.
    /// </summary>
    [Parameter(ParameterSetName = RowSet, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject InputObject { get; set; } = null!;

    /// <summary>The name of the property that holds the distinct id. Default: DistinctId, distinct_id or $distinct_id, whichever the row has.</summary>
    [Parameter(ParameterSetName = RowSet, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? IdentifierProperty { get; set; }

    /// <summary>The distinct ids of the profiles to set the properties of.</summary>
    [Parameter(ParameterSetName = PropertySet, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("distinct_id", "$distinct_id")]
    [DistinctIdTransformation]
    public string[] DistinctId { get; set; } = [];

    /// <summary>The properties to set, by name.</summary>
    [Parameter(ParameterSetName = PropertySet, Mandatory = true)]
    [ValidateNotNull]
    public IDictionary Property { get; set; } = null!;

    /// <summary>Writes a profile with the properties that were set, once the service has accepted it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Takes a row, or the profiles of one.</summary>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == RowSet)
        {
            SetRow(InputObject);
            return;
        }

        foreach (var distinctId in DistinctId)
        {
            var properties = new OrderedDictionary(StringComparer.Ordinal);
            foreach (DictionaryEntry property in Property)
                properties[property.Key.ToString()!] = property.Value;
            SetRow(_profiles.Create(distinctId, null, properties));
        }
    }

    /// <summary>Sends the rest and waits for the outcome of every row.</summary>
    protected override void EndProcessing() => Finish();

    private void SetRow(PSObject input)
    {
        var run = StartRun(new PipelineRowDescription(), PassThru ? WriteAccepted : null);
        var origin = new UpdateOrigin(++_rows, 0, input);
        Deliver(run, origin, () =>
        {
            _row.Read(input, ParameterSetName == RowSet ? IdentifierProperty : null);
            var properties = _row.Fields.Count - (_row.Identifier < 0 ? 0 : 1);
            if (ShouldProcess($"profile '{_row.DistinctId}'", $"Set {Errors.Count(properties, "property", "properties")}"))
                (_updates ??= new(run.Writer, PipelineValues.Writer)).Set(_row.DistinctId, _row.Fields, _row.Identifier, origin);
        });
    }

    private void WriteAccepted(UpdateOrigin origin)
    {
        var input = (PSObject)origin.Source!;
        if (input.BaseObject is UserProfile && IdentifierProperty is null)
        {
            WriteObject(input);
            return;
        }

        _accepted.Read(input, IdentifierProperty);
        var properties = new OrderedDictionary(StringComparer.Ordinal);
        for (var i = 0; i < _accepted.Fields.Count; i++)
        {
            if (i != _accepted.Identifier)
                properties[_accepted.Fields[i].Key] = _accepted.Fields[i].Value;
        }

        WriteObject(_profiles.Create(_accepted.DistinctId!, null, properties));
    }
}
