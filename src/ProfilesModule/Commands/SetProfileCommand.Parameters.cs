using System.Collections;
using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Model;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Commands;

/// <content>The parameters.</content>
public abstract partial class SetProfileCommand
{
    /// <summary>The parameter set of rows that come through the pipeline.</summary>
    protected const string RowSet = "Row";

    /// <summary>The parameter set of named profiles.</summary>
    protected const string PropertySet = "Property";

    /// <summary>
    /// A row: an object, a dictionary, a DataRow or data record, a profile from a Get command, or the payload of a call of Segment
    /// that sets traits (identify for users, group for groups), of which the traits are taken. Every property but the
    /// identifier is set; the UpdatedAt and GroupKey of a profile that was written to a file are left out. Numbers, Booleans, dates, lists and nested objects keep their type. $null is not a row.
    /// </summary>
    [Parameter(ParameterSetName = RowSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>The name of the property that holds the identifier. Default: the usual names, whichever the row has.</summary>
    [Parameter(ParameterSetName = RowSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string? IdentifierProperty { get; set; }

    /// <summary>What the properties of a row mean: Set ($set), SetOnce, Add, Append, Union or Remove. Default Set. Numbers to add may be text.</summary>
    [Parameter(ParameterSetName = RowSet)]
    [ValidateSet(nameof(Model.Operation.Set), nameof(Model.Operation.SetOnce), nameof(Model.Operation.Add), nameof(Model.Operation.Append), nameof(Model.Operation.Union), nameof(Model.Operation.Remove))]
    public Operation Operation { get; set; } = Operation.Set;

    /// <summary>
    /// What an empty value of a row does, which is $null, DBNull or empty text, since an empty cell may come as any of them. Skip,
    /// the default, leaves the property of the profile as it is; one warning at the end names such properties, unless Skip was
    /// given. Null sets the property to null, Empty to the empty text, Unset removes it. Unset takes an update of its own, so such
    /// a row counts twice in -BatchSize. Values inside lists and objects are sent as they are. So are profiles from a Get command,
    /// unless the parameter is given.
    /// </summary>
    [Parameter(ParameterSetName = RowSet)]
    public EmptyCell EmptyCell { get; set; }

    /// <summary>The properties to set, by name ($set).</summary>
    [Parameter(ParameterSetName = PropertySet, Position = 1)]
    [ValidateNotNull]
    public IDictionary? Property { get; set; }

    /// <summary>The properties to set where they have no value yet ($set_once).</summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNull]
    public IDictionary? PropertyOnce { get; set; }

    /// <summary>The numbers to add to properties ($add); a negative number subtracts, a property without a value counts as 0. Not for groups.</summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNull]
    public IDictionary? Increment { get; set; }

    /// <summary>The values to add to the end of list properties, each as one element ($append). Not for groups.</summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNull]
    public IDictionary? Append { get; set; }

    /// <summary>The values, or lists of values, to add to list properties that do not have them yet ($union).</summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNull]
    public IDictionary? Union { get; set; }

    /// <summary>The values to remove from list properties ($remove).</summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNull]
    public IDictionary? RemoveValue { get; set; }

    /// <summary>The names of the properties to remove ($unset).</summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string[]? Unset { get; set; }

    /// <summary>
    /// The time zone of dates that are of no zone, which are DateTime values of Kind Unspecified, as most databases and many
    /// files give them: an id such as Europe/Vienna. Default UTC. A time that the clocks of the zone leave out is refused with its
    /// row; one that comes twice is taken as winter time. Dates without a time, DateOnly values, stay dates.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [TimeZoneTransformation]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>Takes placeholders such as null, unknown or 0 for identifiers. By default such rows are refused, since they would all change one profile.</summary>
    [Parameter]
    public SwitchParameter AllowAnyIdentifier { get; set; }

    /// <summary>Refuses the rows that break a rule which otherwise only warns. about_ProfilesModule_Rules has the rules.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>Leaves the time of the profile's last update as it is, as back-fills should.</summary>
    [Parameter]
    public SwitchParameter IgnoreTime { get; set; }

    /// <summary>
    /// When the update happened. Without it the service takes the time of receipt, which keeps updates in order: one that is
    /// dated earlier than another that was already applied may not show.
    /// </summary>
    [Parameter]
    public DateTimeOffset Time { get; set; }

    /// <summary>Writes a profile with the properties that were sent, once the service has accepted them.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }
}
