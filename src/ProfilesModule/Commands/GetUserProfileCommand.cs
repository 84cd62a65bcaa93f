using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Query;

namespace ProfilesModule.Commands;

/// <summary>
/// Reads user profiles: all of them, those that a filter is true for, or those of some distinct ids. Profiles are written as
/// their pages arrive, and no page is asked for that nobody waits for.
/// </summary>
/// <example>
/// <code>Get-UserProfile -DistinctId 123</code>
/// <para>Reads one profile.</para>
/// </example>
/// <example>
/// <code>Get-UserProfile | Where-Object plan -eq pro | Export-Csv pro.csv</code>
/// <para>Reads all profiles and keeps some of them in a file, lists and objects as their JSON. Import-UserProfileCsv takes such a list back with -PropertyType @{ roles = 'Json' }.</para>
/// </example>
/// <example>
/// <code>Get-UserProfile -PropertyEquals @{ plan = 'pro' } -Property '$email', plan -First 100</code>
/// <para>Reads two properties of the first hundred profiles of a plan.</para>
/// </example>
/// <example>
/// <code>Get-UserProfile -Where 'defined(properties["$email"]) and properties["logins"] &gt;= 10' -IncludeTotalCount</code>
/// <para>Writes how many profiles an expression is true for, and then the profiles.</para>
/// </example>
/// <remarks>
/// <para>The service allows 60 queries an hour and 5 at once for a project, and may show an update half a minute after it was sent.</para>
/// <para>UpdatedAt is in the time zone of the project, which the service does not state, so its Kind is Unspecified. The embedded service uses UTC.</para>
/// </remarks>
[Cmdlet(VerbsCommon.Get, "UserProfile", SupportsPaging = true, DefaultParameterSetName = FilterSet)]
[OutputType(typeof(UserProfile))]
public sealed class GetUserProfileCommand : GetProfileCommand
{
    /// <summary>
    /// The distinct ids of the profiles to read, as text or as objects with a property DistinctId, distinct_id or
    /// $distinct_id. Each that is not found is an error.
    /// </summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateUnicode]
    [Alias("distinct_id", "$distinct_id")]
    [AllowEmptyCollection]
    [DistinctIdTransformation]
    public string[] DistinctId { get; set; } = [];

    /// <summary>The id of the cohort that the users to read are in.</summary>
    [Parameter(ParameterSetName = FilterSet)]
    public long CohortId { get; set; }

    /// <summary>Reads users of the cohort that have no profile too.</summary>
    [Parameter(ParameterSetName = FilterSet)]
    public SwitchParameter IncludeAllUsers { get; set; }

    private protected override IReadOnlyList<string> Ids => DistinctId;

    private protected override string Noun => "distinct id";

    private protected override ProfileFilter Everything => base.Everything with
    {
        CohortId = MyInvocation.BoundParameters.ContainsKey(nameof(CohortId)) ? CohortId : null,
        IncludeAllUsers = IncludeAllUsers,
    };

    private protected override ServiceProfile Profile(ProfileRecord record, DateTime? updatedAt) => new UserProfile(record.DistinctId, updatedAt, (PropertyDictionary)record.Properties);
}
