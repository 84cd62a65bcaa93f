using System.Collections;
using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Pipeline;
using ProfilesModule.Query;
using ProfilesModule.Rows;

namespace ProfilesModule.Commands;

/// <summary>
/// Adds the latest properties of users' profiles to their events, as the service itself does when it is queried. Events come
/// from an export, a CSV file or a query, and leave in their order; those of a user without a profile pass through.
/// Profiles are read with one query for each 1,000 distinct ids (-BatchSize), once that many different ones were met, 10,000
/// events wait, or the input ends: the service takes 60 queries an hour. The last 10,000 profiles are remembered, so that an
/// id that comes again soon costs no query, and memory does not grow with the input.
/// Each event is written as a copy: a custom object with the members of the event, and one more for each property of the
/// profile. The object that was piped stays as it is, and a member that it has is never replaced.
/// </summary>
/// <example>
/// <code>Get-Content export.jsonl | ConvertFrom-Json | Join-UserProfile plan, '$email' -Prefix user_ | Where-Object user_plan -eq pro</code>
/// <para>Adds two properties to the events of a raw export, whose distinct id is inside their properties.</para>
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

    // Members that every object has from PowerShell itself.
    private static readonly HashSet<string> Reserved = new(["PSObject", "PSBase", "PSAdapted", "PSExtended", "PSTypeNames"], StringComparer.OrdinalIgnoreCase);

    private readonly RecentProfiles _profiles = new(MaximumRemembered);
    private readonly HashSet<JoinedProfile> _unread = [];
    private readonly Queue<(PSObject Event, JoinedProfile? Profile)> _waiting = new();
    private readonly HashSet<string> _warned = [];
    private EventRow? _row;
    private long _read;
    private long _written;
    private long _joined;

    /// <summary>The events: objects, dictionaries or data rows, each on its own. $null is not an event.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>
    /// The names of the profile properties to add. Every event then gets the same members, $null where its user has no such
    /// property, so that they become columns of a file. Default: all that each profile has. $last_seen is added as UpdatedAt.
    /// </summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReservedPropertyCompleter))]
    public string[]? Property { get; set; }

    /// <summary>
    /// The name of the property that holds the distinct id, of the event itself or inside its properties.
    /// Default: DistinctId, distinct_id or $distinct_id.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? IdentifierProperty { get; set; }

    /// <summary>What the names of the added members begin with; may be empty. Default profile_.</summary>
    [Parameter]
    [ValidateNotNull]
    public string Prefix { get; set; } = "profile_";

    /// <summary>
    /// How many distinct ids one query asks for, 1 to 1000. Default 1000. Events wait for their query, so fewer let them
    /// through sooner and use up the queries of the hour faster: 60 for a project.
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

    /// <summary>Takes the next event, and writes those whose profiles are known.</summary>
    protected override void ProcessRecord()
    {
        if (InputObject is null)
            return;
        _read++;
        if (!_row!.TryRead(InputObject))
        {
            WriteError(Errors.EventNotReadable(_read, InputObject));
            return;
        }

        var profile = _row.DistinctId is { } id ? _profiles.Of(id) : null;
        if (profile is null)
            WarnOnce("id", $"An event has no distinct id ({IdentifierProperty ?? string.Join(", ", PipelineRow.DistinctIdNames)}) and passes through as it is. Other events may pass in the same way. -IdentifierProperty names the property that holds it.");
        else if (!profile.IsRead)
            _unread.Add(profile);
        _waiting.Enqueue((_row.Copy, profile));
        if (_unread.Count == BatchSize || _waiting.Count == MaximumWaiting)
            ReadProfiles();
        WriteReady();
    }

    /// <summary>Reads the profiles that are left, and writes the rest.</summary>
    protected override void EndProcessing()
    {
        ReadProfiles();
        WriteReady();
        this.WriteDetail($"{Errors.Count(_written, "event")} written, {_joined:N0} of them with a profile.");
    }

    private void ReadProfiles()
    {
        if (_unread.Count == 0)
            return;
        var asked = _unread.ToLookup(p => p.DistinctId, StringComparer.Ordinal);
        var found = 0;
        var filter = new ProfileFilter { DistinctIds = [.. asked.Select(a => a.Key)], OutputProperties = Property };
        foreach (var record in Reader.Pages(filter, () => $"{Errors.Count(_written, "event")} had been written; {_waiting.Count:N0} more were read and are not written.").SelectMany(page => page.Profiles))
        {
            var updatedAt = ProfileObject.TakeUpdatedAt(record);
            if (!asked.Contains(record.DistinctId))
            {
                WarnOnce("merged", $"A profile came back under another distinct id than those that were asked for ('{record.DistinctId}'), as those of merged users do. Events under their other ids pass through without it.");
                continue;
            }

            found++;
            foreach (var profile in asked[record.DistinctId])
                (profile.Properties, profile.UpdatedAt) = (record.Properties, updatedAt);
        }

        foreach (var profile in _unread)
            profile.IsRead = true;
        this.WriteDetail($"{Errors.Count(asked.Count, "distinct id")} asked for, {Errors.Count(found, "profile")} found.");
        _unread.Clear();
    }

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
            WarnOnce("member", $"The property '{name}' of the profile is not added: the event has a member '{member}' already (letter case does not tell members apart). Other properties may be left out in the same way. -Prefix gives them other names.");
        else
            copy.Properties.Add(new PSNoteProperty(member, value), preValidated: true);
    }

    private void WarnOnce(string cause, string warning)
    {
        if (_warned.Add(cause))
            this.Warn(warning);
    }
}
