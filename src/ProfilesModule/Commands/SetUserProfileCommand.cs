using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Rules;

namespace ProfilesModule.Commands;

/// <summary>
/// Sets properties of user profiles, and creates profiles that do not exist. Takes rows from the pipeline (objects,
/// dictionaries, data rows, profiles), or changes to given profiles. Several changes in one command are sent as one update
/// each, in the order -Property, -PropertyOnce, -Increment, -Append, -Union, -RemoveValue, -Unset.
/// </summary>
/// <example>
/// <code>Import-Csv users.csv | Set-UserProfile -IdentifierProperty user_id</code>
/// <para>Sets every column of the file except user_id as a property of the profile that user_id identifies.</para>
/// </example>
/// <example>
/// <code>Set-UserProfile -DistinctId 123 -Property @{ plan = 'pro' } -Increment @{ logins = 1 } -Union @{ roles = 'admin' } -Unset old_plan</code>
/// <para>Makes four changes to one profile.</para>
/// </example>
/// <example>
/// <code>Import-Csv users.csv | Set-UserProfile -EmptyCell Unset</code>
/// <para>Removes properties whose cells are empty. By default, the profiles keep the values of these properties.</para>
/// </example>
/// <example>
/// <code>Import-Csv users.csv | Set-UserProfile -ErrorVariable failed; $failed.TargetObject | Set-UserProfile</code>
/// <para>Sends rejected rows again. If there are none, the second command does nothing.</para>
/// </example>
/// <example>
/// <code>Import-Csv users.csv | Set-UserProfile -ErrorVariable failed; $failed | ForEach-Object TargetObject | Export-Csv failed.csv</code>
/// <para>Saves rejected rows to a file.</para>
/// </example>
/// <example>
/// <code>Import-Csv users.csv | Set-UserProfile -Partition 3 -PartitionCount 16</code>
/// <para>Sends the rows of one of 16 parts, by a hash of the distinct id. Another task sends each of the others.</para>
/// </example>
/// <example>
/// <code>Get-Content identify.ndjson | ConvertFrom-Json | Set-UserProfile</code>
/// <para>Sets the traits of Segment identify calls: email becomes $email, firstName becomes $first_name, and so on.
/// Import-UserProfileJson does the same with files of any size.</para>
/// </example>
/// <remarks>
/// <para>Updates of one profile are sent in input order, each after the reply to the one before. A request that fails temporarily is
/// retried. When all retries have failed, the command ends, so that no later update of a profile overtakes a failed one. After a
/// time-out, the service may still apply the first request, even after a newer one.</para>
/// <para>The updates of -Increment and -Append count twice if they are applied twice. If it is unknown whether such an update was
/// applied, it is not sent again, and you get an error for it.</para>
/// </remarks>
/// <seealso cref="ImportUserProfileCsvCommand"/>
[Cmdlet(VerbsCommon.Set, "UserProfile", SupportsShouldProcess = true, DefaultParameterSetName = RowSet)]
[OutputType(typeof(UserProfile))]
public sealed class SetUserProfileCommand : SetProfileCommand
{
    /// <summary>
    /// The distinct ids of the profiles to change: text, numbers, or objects with a property DistinctId, distinct_id or $distinct_id.
    /// In a list, put ids that begin with a zero in quotes.
    /// </summary>
    [Parameter(ParameterSetName = PropertySet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("distinct_id", "$distinct_id")]
    [AllowNull]
    [ProfileIdTransformation]
    public ProfileId[]? DistinctId { get; set; } = [];

    /// <summary>
    /// The IP address to locate the user by. Default: no location, so that the service does not locate the user at this machine.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    public System.Net.IPAddress? Ip { get; set; }

    /// <summary>The latitude of the user in degrees north, -90 to 90. Requires -Longitude.</summary>
    [Parameter]
    [ValidateRange(-90d, 90d)]
    public double Latitude { get; set; }

    /// <summary>The longitude of the user in degrees east, -180 to 180. Requires -Latitude.</summary>
    [Parameter]
    [ValidateRange(-180d, 180d)]
    public double Longitude { get; set; }

    /// <summary>Checks the parameters.</summary>
    protected override void BeginProcessing()
    {
        if (IsBound(nameof(Latitude)) != IsBound(nameof(Longitude)))
            this.ThrowTerminatingError(Failures.LocationIncomplete);
        base.BeginProcessing();
    }

    private protected override ProfileId[]? Ids => DistinctId;

    private protected override RecordOptions Records => base.Records with
    {
        Ip = Ip?.ToString() ?? "0",
        Latitude = IsBound(nameof(Latitude)) ? Latitude : null,
        Longitude = IsBound(nameof(Longitude)) ? Longitude : null,
    };

    private protected override ServiceProfile Profile(string id, PropertyDictionary properties) => new UserProfile(id, null, properties);
}
