using System.Collections;
using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Mapping;
using ProfilesModule.Model;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Commands;

/// <content>The parameters.</content>
public abstract partial class SetProfileCommand
{
    /// <summary>The parameter set that takes rows from the pipeline.</summary>
    protected const string RowSet = "Row";

    /// <summary>The parameter set that takes ids and changes.</summary>
    protected const string PropertySet = "Property";

    /// <summary>
    /// A row: an object, a dictionary, a DataRow or data record, a profile from a Get command, or the payload of a Segment call
    /// that sets traits (identify for users, group for groups). Every property except the id is set; for a Segment call, every
    /// trait. The UpdatedAt and GroupKey columns of a profile that was saved to a file are not set. Numbers, Booleans, dates, lists
    /// and nested objects keep their types. $null is ignored.
    /// </summary>
    [Parameter(ParameterSetName = RowSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>The name of the property that holds the id. Default: the first of the recognized names that the row has.</summary>
    [MappingMember]
    [Parameter(ParameterSetName = RowSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string? IdentifierProperty { get; set; }

    /// <summary>
    /// The operation that is applied to the properties of a row: Set ($set), SetOnce, Add, Append, Union or Remove. Default Set. For Add,
    /// numbers can also be text. Append and Remove append or remove each element of a list. With Append, Union and Remove, empty values
    /// are not sent, and rows without another value are skipped.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = RowSet)]
    [ValidateSet(nameof(Model.Operation.Set), nameof(Model.Operation.SetOnce), nameof(Model.Operation.Add), nameof(Model.Operation.Append), nameof(Model.Operation.Union), nameof(Model.Operation.Remove))]
    public Operation Operation { get; set; } = Operation.Set;

    /// <summary>
    /// What to do with empty values of a row: $null, DBNull and empty text, because an empty cell can arrive as any of them. Skip,
    /// the default, leaves the property of the profile unchanged; a warning at the end names the skipped properties, unless you
    /// specify Skip. Null sets the property to null, Empty sets it to empty text, and Unset removes it. Unset takes an update of its
    /// own, so such a row counts twice in -BatchSize. Values inside lists and objects are sent unchanged. Profiles from a Get command
    /// are also sent unchanged, unless you specify this parameter.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = RowSet)]
    public EmptyCell EmptyCell { get; set; }

    /// <summary>
    /// The texts that mean no value, such as 'NULL', '\N', exactly as they are in the rows. Values that are one of them are empty:
    /// -EmptyCell applies to them. Texts inside lists and objects stay as they are.
    /// </summary>
    [MappingMember]
    [Parameter(ParameterSetName = RowSet)]
    [ValidateNotNullOrEmpty]
    public string[] NullText { get; set; } = [];

    /// <inheritdoc cref="RowParameters.TrimValue"/>
    [MappingMember]
    [Parameter(ParameterSetName = RowSet)]
    public SwitchParameter TrimValue { get; set; }

    /// <inheritdoc cref="RowParameters.TrimIdentifier"/>
    [MappingMember]
    [Parameter(ParameterSetName = RowSet)]
    public SwitchParameter TrimIdentifier { get; set; }

    /// <inheritdoc cref="ImportCommand.MappingPath"/>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MappingPath { get; set; }

    /// <summary>The names and values of properties to set ($set).</summary>
    [Parameter(ParameterSetName = PropertySet, Position = 1)]
    [ValidateNotNull]
    public IDictionary? Property { get; set; }

    /// <summary>The names and values of properties to set if they have no value yet ($set_once).</summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNull]
    public IDictionary? PropertyOnce { get; set; }

    /// <summary>
    /// The numbers to add to properties ($add). A negative number subtracts; a property without a value counts as 0. Not supported
    /// for groups.
    /// </summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNull]
    public IDictionary? Increment { get; set; }

    /// <summary>
    /// The values to append to list properties ($append). If a value is a list, each element is appended. Empty values are not
    /// sent. Not supported for groups.
    /// </summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNull]
    public IDictionary? Append { get; set; }

    /// <summary>
    /// The values, or lists of values, to add to list properties that do not contain them yet ($union). Empty values are not sent.
    /// </summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNull]
    public IDictionary? Union { get; set; }

    /// <summary>
    /// The values to remove from list properties ($remove). If a value is a list, each element is removed. Empty values are not
    /// sent.
    /// </summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNull]
    public IDictionary? RemoveValue { get; set; }

    /// <summary>The names of the properties to remove ($unset).</summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string[]? Unset { get; set; }

    /// <summary>
    /// The time zone of DateTime values whose Kind is Unspecified, which most databases and many files return: an id such as
    /// Europe/Vienna. Default UTC. A row with a time that daylight saving skips in that zone is rejected. A time that occurs twice
    /// is taken as standard time. DateOnly values stay dates, and so do data columns of type date and DateTime columns of a DataTable
    /// whose first 1,000 rows have no time of day.
    /// </summary>
    [MappingMember]
    [Parameter]
    [ValidateNotNull]
    [TimeZoneTransformation]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    public TimeZoneInfo TimeZone { get; set; } = TimeZoneInfo.Utc;

    /// <summary>
    /// Accepts placeholders such as null, unknown or 0 as ids. By default, rows with such an id are rejected, because they would
    /// all change the same profile.
    /// </summary>
    [MappingMember]
    [Parameter]
    public SwitchParameter AllowAnyIdentifier { get; set; }

    /// <summary>Rejects rows that break a rule, including the rules that only warn by default. See about_ProfilesModule_Rules.</summary>
    [MappingMember]
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>
    /// A file in which the command keeps what the service has of each profile, as hashes, so that the next run sends only the rows that
    /// changed. See the parameter of the same name of Import-UserProfileCsv.
    /// </summary>
    [Parameter(ParameterSetName = RowSet)]
    [ValidateNotNullOrEmpty]
    public string? StatePath { get; set; }

    /// <inheritdoc cref="ImportCommand.Full"/>
    [Parameter(ParameterSetName = RowSet)]
    public SwitchParameter Full { get; set; }

    /// <inheritdoc cref="ImportCommand.MaxStateAge"/>
    [Parameter(ParameterSetName = RowSet)]
    public TimeSpan MaxStateAge { get; set; }

    /// <inheritdoc cref="ImportCommand.RemoveMissingProperty"/>
    [Parameter(ParameterSetName = RowSet)]
    public SwitchParameter RemoveMissingProperty { get; set; }

    /// <inheritdoc cref="ImportCommand.Partition"/>
    [Parameter(ParameterSetName = RowSet)]
    [ValidateNotNullOrEmpty]
    public string? Partition { get; set; }

    /// <inheritdoc cref="ImportCommand.PartitionCount"/>
    [Parameter(ParameterSetName = RowSet)]
    [ValidateRange(1, int.MaxValue)]
    public int PartitionCount { get; set; }

    /// <summary>Does not change when the profile was last updated. Use it to backfill data.</summary>
    [MappingMember]
    [Parameter]
    public SwitchParameter IgnoreTime { get; set; }

    /// <summary>
    /// When the update happened. By default, the service uses the time of receipt, which keeps updates in order. An update with an
    /// earlier time than one that was already applied may have no effect.
    /// </summary>
    [Parameter]
    public DateTimeOffset Time { get; set; }

    /// <summary>Writes a profile with the properties that were sent, once the service has accepted them.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }
}
