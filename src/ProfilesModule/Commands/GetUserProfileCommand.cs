using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Query;

namespace ProfilesModule.Commands;

/// <summary>
/// Gets user profiles: all of them, those that match a filter, or those with given distinct ids. The command writes profiles
/// page by page, and requests no page that the pipeline does not need.
/// </summary>
/// <example>
/// <code>Get-UserProfile -DistinctId 123</code>
/// <para>Gets one profile.</para>
/// </example>
/// <example>
/// <code>Get-UserProfile | Where-Object plan -eq pro | Export-Csv pro.csv</code>
/// <para>Gets all profiles and saves some of them to a file, with lists and objects as JSON. To import such a list again, use
/// Import-UserProfileCsv with -PropertyType @{ roles = 'Json' }.</para>
/// </example>
/// <example>
/// <code>Get-UserProfile -PropertyEquals @{ plan = 'pro' } -Property '$email', plan -First 100</code>
/// <para>Gets two properties of the first 100 profiles on a plan.</para>
/// </example>
/// <example>
/// <code>Get-UserProfile -Where 'defined(properties["$email"]) and properties["logins"] &gt;= 10' -IncludeTotalCount</code>
/// <para>Writes the number of profiles that match an expression, and then the profiles.</para>
/// </example>
/// <remarks>
/// <para>The service allows a project 60 queries an hour and 5 at a time. It may take half a minute to show an update.</para>
/// <para>UpdatedAt is in the time zone of the project. The service does not state which one, so the Kind of the value is
/// Unspecified. The embedded service uses UTC.</para>
/// </remarks>
[Cmdlet(VerbsCommon.Get, "UserProfile", SupportsPaging = true, DefaultParameterSetName = FilterSet)]
[OutputType(typeof(UserProfile))]
public sealed class GetUserProfileCommand : GetProfileCommand
{
    /// <summary>
    /// The distinct ids of the profiles to read: text, numbers, or objects with a property DistinctId, distinct_id or
    /// $distinct_id. An id that is not found is an error.
    /// </summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateUnicode]
    [Alias("distinct_id", "$distinct_id")]
    [AllowEmptyCollection]
    [ProfileIdTransformation]
    public ProfileId[] DistinctId { get; set; } = [];

    /// <summary>The id of a cohort. Only its users are read.</summary>
    [Parameter(ParameterSetName = FilterSet)]
    public long CohortId { get; set; }

    /// <summary>Includes users of the cohort that have no profile.</summary>
    [Parameter(ParameterSetName = FilterSet)]
    public SwitchParameter IncludeAllUsers { get; set; }

    private protected override ProfileId[] Ids => DistinctId;

    private protected override string Noun => "distinct id";

    private protected override ProfileFilter Filter => base.Filter with
    {
        CohortId = IsBound(nameof(CohortId)) ? CohortId : null,
        IncludeAllUsers = IncludeAllUsers,
    };

    private protected override ServiceProfile Profile(ProfileRecord record, DateTime? updatedAt) => new UserProfile(record.DistinctId, updatedAt, (PropertyDictionary)record.Properties);
}
