using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Rows;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>
/// Sets properties of user profiles, and creates the profiles that do not exist. Takes rows from the pipeline (objects,
/// dictionaries, data rows, profiles), or changes to named profiles. Several changes of one command are sent as one update
/// each, in the order -Property, -PropertyOnce, -Increment, -Append, -Union, -RemoveValue, -Unset.
/// </summary>
/// <example>
/// <code>Import-Csv users.csv | Set-UserProfile -IdentifierProperty user_id</code>
/// <para>Sets every column of the file but user_id as a property of the profile that user_id names.</para>
/// </example>
/// <example>
/// <code>Set-UserProfile -DistinctId 123 -Property @{ plan = 'pro' } -Increment @{ logins = 1 } -Union @{ roles = 'admin' } -Unset old_plan</code>
/// <para>Changes one profile in four ways.</para>
/// </example>
/// <example>
/// <code>Import-Csv users.csv | Set-UserProfile -EmptyCell Unset</code>
/// <para>Removes the properties of which a row has an empty cell. By default the profiles keep what they have there.</para>
/// </example>
/// <example>
/// <code>Import-Csv users.csv | Set-UserProfile -ErrorVariable failed; $failed.TargetObject | Set-UserProfile</code>
/// <para>Sends the rows that were refused once more; does nothing when none were.</para>
/// </example>
/// <example>
/// <code>Import-Csv users.csv | Set-UserProfile -ErrorVariable failed; $failed | ForEach-Object TargetObject | Export-Csv failed.csv</code>
/// <para>Keeps the rows that were refused in a file of their own.</para>
/// </example>
/// <example>
/// <code>Get-Content identify.ndjson | ConvertFrom-Json | Set-UserProfile</code>
/// <para>Sets the traits of identify calls of Segment: email becomes $email, firstName $first_name, and so on. Import-UserProfileJson does the same with files of any size.</para>
/// </example>
/// <remarks>
/// <para>Updates of one profile are sent in input order, each when the one before has its reply. A request that fails for a while is
/// repeated; when the attempts are used up, the command ends, so that no later update of a profile overtakes one that failed. After a
/// time-out the service may still apply the first request, behind a newer one.</para>
/// <para>What -Increment and -Append send counts twice when it is applied twice. Where it cannot be known whether it was applied, it
/// is not sent again, and is an error of its own.</para>
/// </remarks>
/// <seealso cref="ImportUserProfileCsvCommand"/>
[Cmdlet(VerbsCommon.Set, "UserProfile", SupportsShouldProcess = true, DefaultParameterSetName = RowSet)]
[OutputType(typeof(UserProfile))]
public sealed class SetUserProfileCommand : SetProfileCommand
{
    /// <summary>The distinct ids of the profiles to change, as text or as objects with a property DistinctId, distinct_id or $distinct_id.</summary>
    [Parameter(ParameterSetName = PropertySet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("distinct_id", "$distinct_id")]
    [AllowNull]
    [DistinctIdTransformation(AllowNull = true)]
    public string[]? DistinctId { get; set; } = [];

    /// <summary>The address to locate the user by. Default: the user is not located, or the place of this machine would be taken for the user's.</summary>
    [Parameter]
    [ValidateNotNull]
    public System.Net.IPAddress? Ip { get; set; }

    /// <summary>Where the user is, in degrees north, -90 to 90. Together with -Longitude.</summary>
    [Parameter]
    [ValidateRange(-90d, 90d)]
    public double Latitude { get; set; }

    /// <summary>Where the user is, in degrees east, -180 to 180. Together with -Latitude.</summary>
    [Parameter]
    [ValidateRange(-180d, 180d)]
    public double Longitude { get; set; }

    /// <summary>Checks what was asked for.</summary>
    protected override void BeginProcessing()
    {
        if (IsBound(nameof(Latitude)) != IsBound(nameof(Longitude)))
            ThrowTerminatingError(Errors.LocationIncomplete());
        base.BeginProcessing();
    }

    private protected override IReadOnlyList<string>? Ids => DistinctId;

    private protected override string Noun => "profile";

    private protected override IReadOnlyList<string> IdentifierNames => PipelineRow.DistinctIdNames;

    private protected override SegmentCall Call => SegmentCall.Identify;

    private protected override RecordOptions Records => base.Records with
    {
        Ip = Ip?.ToString() ?? "0",
        Latitude = IsBound(nameof(Latitude)) ? Latitude : null,
        Longitude = IsBound(nameof(Longitude)) ? Longitude : null,
    };

    private protected override ServiceProfile Profile(string id, PropertyDictionary properties) => new UserProfile(id, null, properties);
}
