using System.Collections;
using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Pipeline;
using ProfilesModule.Query;
using ProfilesModule.Rows;
using ProfilesModule.Rules;
using ProfilesModule.Sources;

namespace ProfilesModule.Commands;

/// <summary>
/// Adds the current properties of user profiles to events, as reports of the service do. Events can come from an export, a CSV
/// file or a query. They keep their order, and events of users without a profile pass through unchanged.
/// The command reads profiles with one query for every 1,000 distinct ids (-BatchSize), because a project has 60 queries an hour. It
/// reads when it has that many new ids, when 10,000 events wait, or at the end of the input. It caches the last 10,000 profiles, so
/// an id that soon occurs again needs no query, and memory use does not grow with the input.
/// Each event is written as a copy: a custom object with the members of the event, and one more for each property of the profile.
/// The input object does not change, and its members are never replaced.
/// </summary>
/// <example>
/// <code>Get-Content export.jsonl | ConvertFrom-Json | Join-UserProfile plan, '$email' -Prefix user_ | Where-Object user_plan -eq pro</code>
/// <para>Adds two properties to the events of a raw export, in which the distinct id is nested in the properties of the event.</para>
/// </example>
/// <example>
/// <code>Import-Csv events.csv | Join-UserProfile -IdentifierProperty user_id -Property plan | Export-Csv joined.csv</code>
/// <para>Adds the column profile_plan to a file of events.</para>
/// </example>
[Cmdlet(VerbsCommon.Join, "UserProfile")]
[OutputType(typeof(PSCustomObject))]
public sealed class JoinUserProfileCommand : UserProfileCommand
{
    private const int MaximumWaiting = 10_000;
    private const int MaximumRemembered = 10_000;

    // PowerShell adds these members to every object.
    private static readonly HashSet<string> Reserved = new(["PSObject", "PSBase", "PSAdapted", "PSExtended", "PSTypeNames"], StringComparer.OrdinalIgnoreCase);

    private readonly RecentProfiles _profiles = new(MaximumRemembered);
    private readonly HashSet<JoinedProfile> _unread = [];
    private readonly Queue<(PSObject Event, JoinedProfile? Profile)> _waiting = new();
    private readonly HashSet<string> _warned = [];
    private EventRow? _row;
    private long _read;
    private long _written;
    private long _joined;

    /// <summary>The events: objects, dictionaries or data rows, one by one. $null is ignored.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>
    /// The names of the profile properties to add. Each event gets all of these members, with $null for properties that its user does
    /// not have, so that they can become columns of a file. Default: all properties of each profile. $last_seen is added as UpdatedAt.
    /// </summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string[]? Property { get; set; }

    /// <summary>
    /// The name of the property that holds the distinct id, in the event or nested in its properties.
    /// Default: DistinctId, distinct_id or $distinct_id.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? IdentifierProperty { get; set; }

    /// <summary>The prefix of the names of added members; can be empty. Default profile_.</summary>
    [Parameter]
    [ValidateNotNull]
    public string Prefix { get; set; } = "profile_";

    /// <summary>
    /// The number of distinct ids in a query, 1 to 1000. Default 1000. With a smaller number, events wait less, but the 60 queries an
    /// hour of a project are used up sooner.
    /// </summary>
    [Parameter]
    [ValidateRange(1, ProfileQuery.MaximumIds)]
    public int BatchSize { get; set; } = ProfileQuery.MaximumIds;

    /// <summary>Makes sure that profiles can be read.</summary>
    protected override void BeginProcessing()
    {
        _ = Reader;
        _row = new(IdentifierProperty);
    }

    /// <summary>Takes the next event, and writes all events whose profiles have been read.</summary>
    protected override void ProcessRecord()
    {
        if (InputObject is null)
            return;
        _read++;
        if (!_row!.TryRead(InputObject))
        {
            this.WriteError(Failures.EventNotReadable(_read, InputObject.BaseObject.GetType().Name) with { Target = InputObject });
            return;
        }

        var profile = _row.DistinctId is { } id ? _profiles.Of(id) : null;
        if (profile is null)
        {
            var names = IdentifierProperty ?? string.Join(", ", ProfileFields.DistinctIdNames);
            WarnOnce("id", $"An event has no distinct id ({names}) and passes through unchanged. "
                + "Other events may do the same. To name the property that holds the id, use -IdentifierProperty.");
        }
        else if (!profile.IsRead)
        {
            _unread.Add(profile);
        }

        _waiting.Enqueue((_row.Copy, profile));
        if (_unread.Count == BatchSize || _waiting.Count == MaximumWaiting)
            ReadProfiles();
        WriteReady();
    }

    /// <summary>Reads the remaining profiles and writes the remaining events.</summary>
    protected override void EndProcessing()
    {
        ReadProfiles();
        WriteReady();
        this.WriteDetail($"{Phrase.Count(_written, "event")} written, {Phrase.Number(_joined)} of them with a profile.");
    }

    private void ReadProfiles()
    {
        if (_unread.Count == 0)
            return;
        var requested = _unread.ToLookup(p => p.DistinctId, StringComparer.Ordinal);
        var found = 0;
        var filter = new ProfileFilter { DistinctIds = [.. requested.Select(a => a.Key)], OutputProperties = Property };
        foreach (var record in Reader.Pages(filter, WrittenSoFar).SelectMany(page => page.Profiles))
        {
            var updatedAt = ProfileObject.TakeUpdatedAt(record);
            if (!requested.Contains(record.DistinctId))
            {
                WarnOnce("merged", $"The service returned a profile with another distinct id than requested ('{record.DistinctId}'), "
                    + "as it does for merged users. Events with other ids of such a user pass through without a profile.");
                continue;
            }

            found++;
            foreach (var profile in requested[record.DistinctId])
                (profile.Properties, profile.UpdatedAt) = (record.Properties, updatedAt);
        }

        foreach (var profile in _unread)
            profile.IsRead = true;
        this.WriteDetail($"{Phrase.Count(requested.Count, "distinct id")} requested, {Phrase.Count(found, "profile")} found.");
        _unread.Clear();
    }

    private string WrittenSoFar() =>
        $"{Phrase.Count(_written, "event")} had been written; {Phrase.Number(_waiting.Count)} more were read but not written.";

    private void WriteReady()
    {
        while (_waiting.TryPeek(out var next) && next.Profile is not { IsRead: false })
        {
            _waiting.Dequeue();
            Add(next.Event, next.Profile);
            _written++;
            if (next.Profile?.Properties is not null)
                _joined++;
            WriteObject(next.Event);
        }
    }

    private void Add(PSObject copy, JoinedProfile? profile)
    {
        if (Property is not null)
        {
            foreach (var name in Property)
            {
                if (name == ProfileObject.LastSeen)
                    Add(copy, nameof(ServiceProfile.UpdatedAt), profile?.UpdatedAt);
                else
                    Add(copy, name, profile?.Properties?[name]);
            }
        }
        else if (profile?.Properties is { } properties)
        {
            Add(copy, nameof(ServiceProfile.UpdatedAt), profile.UpdatedAt);
            foreach (DictionaryEntry property in properties)
                Add(copy, (string)property.Key, property.Value);
        }
    }

    private void Add(PSObject copy, string name, object? value)
    {
        var member = Prefix + name;
        if (member.Length == 0 || Reserved.Contains(member) || copy.Properties[member] is not null)
        {
            WarnOnce("member", $"The property '{name}' of the profile was not added, because the event already has a member '{member}' "
                + "(names of members are not case-sensitive). Other properties may be left out for the same reason. "
                + "To give them other names, use -Prefix.");
        }
        else
        {
            copy.Properties.Add(new PSNoteProperty(member, value), preValidated: true);
        }
    }

    private void WarnOnce(string cause, string warning)
    {
        if (_warned.Add(cause))
            this.Warn(warning);
    }
}
