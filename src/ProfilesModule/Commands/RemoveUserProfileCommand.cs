using System.Collections;
using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Pipeline;
using ProfilesModule.Query;
using ProfilesModule.Rules;

namespace ProfilesModule.Commands;

/// <summary>
/// Removes user profiles permanently; the events of their users stay. The command asks for confirmation before each profile, or
/// once for all profiles that match a filter, unless you use -Force or -Confirm:$false. Removing a profile that does not exist
/// is not an error, because the service gives the same reply. With -BackupPath it is an error, because only profiles that were
/// backed up are removed.
/// </summary>
/// <example>
/// <code>Get-UserProfile -DistinctId 123, 456 | Remove-UserProfile</code>
/// <para>Removes two profiles, with a confirmation for each.</para>
/// </example>
/// <example>
/// <code>Remove-UserProfile -PropertyEquals @{ plan = 'trial' } -BackupPath trials.csv</code>
/// <para>Asks once, with the number of profiles, and then saves the profiles to a file and removes them. To restore them with all
/// values as text, run <c>Import-UserProfileCsv trials.csv -IgnoreTime</c>. To keep numbers, lists and objects, back up to
/// trials.jsonl and restore with <c>Import-UserProfileJson trials.jsonl -IgnoreTime</c>.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "UserProfile", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = IdSet)]
[OutputType(typeof(string))]
public sealed class RemoveUserProfileCommand : RemoveProfileCommand
{
    private const string WhereSet = "Where";
    private const string PropertyEqualsSet = "PropertyEquals";

    private readonly List<string> _ids = [];
    private RemovalBackup? _backup;

    /// <summary>
    /// The distinct ids of the profiles: text, numbers, or objects with a property DistinctId, distinct_id or $distinct_id. In a list,
    /// put ids that begin with a zero in quotes.
    /// </summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("distinct_id", "$distinct_id")]
    [AllowNull]
    [ProfileIdTransformation]
    public ProfileId[]? DistinctId { get; set; } = [];

    /// <summary>
    /// An expression in the query language of the service that selects the profiles to remove, such as 'not
    /// defined(properties["$email"])'.
    /// </summary>
    [Parameter(ParameterSetName = WhereSet, Mandatory = true)]
    [ValidateUnicode]
    [ValidatePattern(@"\S")]
    public string? Where { get; set; }

    /// <summary>
    /// Property names and values. Only profiles that have all of these values are removed. A value is text, a number or a Boolean.
    /// $null and empty text are refused, because a variable that was never set would remove every profile without the property. To
    /// remove those, use -Where 'not defined(properties["plan"])'.
    /// </summary>
    [Parameter(ParameterSetName = WhereSet)]
    [ValidateUnicode]
    [Parameter(ParameterSetName = PropertyEqualsSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public IDictionary? PropertyEquals { get; set; }

    /// <summary>
    /// A CSV file to save the profiles to before they are removed, with all properties and $last_seen. To restore them, use
    /// Import-UserProfileCsv. Profiles that cannot be read or saved are not removed. An existing file is never overwritten, not even
    /// with -Force, because it may be the only copy of profiles that were removed before. While the command runs, the profiles are
    /// lines of JSON in a file with the same name plus .unfinished.jsonl, which stays if the command is interrupted. If the path ends
    /// in .jsonl or .ndjson, the backup keeps that format. A path that ends in .json is refused, because lines of JSON are not a
    /// JSON document.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BackupPath { get; set; }

    /// <summary>
    /// Does not resolve aliases. By default, an id that is an alias stands for another id, and the profile of that id is removed. Use
    /// this parameter to remove a duplicate whose id is an alias. Profiles that are read first, for a filter or a backup, are always
    /// removed without resolving aliases.
    /// </summary>
    [Parameter]
    public SwitchParameter IgnoreAlias { get; set; }

    /// <summary>
    /// Makes sure that there is a connection, that it can read if the command reads first, and that the backup can be created.
    /// </summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        RefuseEmptyValues();
        if (ReadsFirst)
            _ = Reader;
        if (BackupPath is not null)
            PrepareBackup(BackupPath);
    }

    /// <summary>Removes the next profiles.</summary>
    protected override void ProcessRecord() => WithBackup(() =>
    {
        if (HasFilter)
            RemoveMatching();
        else if (_backup is null)
            base.ProcessRecord();
        else
            CollectIds();
    });

    /// <summary>Removes the remaining profiles, waits for all outcomes, and finishes the backup.</summary>
    protected override void EndProcessing()
    {
        WithBackup(() =>
        {
            if (_ids.Count > 0)
                RemoveCollected();
            base.EndProcessing();
        });
        FinishBackup();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _backup?.Dispose();
        base.Dispose(disposing);
    }

    private protected override ProfileId[]? Ids => DistinctId;

    private protected override int Held => _ids.Count;

    // Queries do not resolve aliases, so removals must not either: they would remove another profile than the one that was read.
    private protected override RecordOptions Records => new() { IgnoreAlias = IgnoreAlias || ReadsFirst };

    private protected override string NextStep => _backup is null
        ? base.NextStep
        : $"The removed profiles are in '{_backup.LinesPath}'. The same command with another -BackupPath removes the rest.";

    private protected override bool MayStartAgain => _backup is null;

    private bool HasFilter => ParameterSetName is WhereSet or PropertyEqualsSet;

    private bool ReadsFirst => BackupPath is not null || HasFilter;

    private void RefuseEmptyValues()
    {
        foreach (DictionaryEntry entry in PropertyEquals ?? new Hashtable())
        {
            var value = entry.Value is null ? null : PipelineValues.Unwrap(entry.Value);
            if (value is null or "")
                this.ThrowTerminatingError(Failures.EmptyValueToRemove(
                    entry.Key.ToString()!, ProfileFilter.WhereEqual([KeyValuePair.Create(entry.Key.ToString()!, value)])));
        }
    }

    private void RemoveMatching()
    {
        // Without a backup only the ids are needed; $last_seen is the shortest property that every profile has.
        var filter = new ProfileFilter { Where = Reader.Condition(Where, PropertyEquals), OutputProperties = _backup is null ? [ProfileObject.LastSeen] : null };
        var isConfirmed = false;
        foreach (var page in Reader.Pages(filter, RemovedSoFar))
        {
            if (!isConfirmed && !IsConfirmed(page, filter.Where!))
                return;
            isConfirmed = true;
            Remove(page.Profiles);
        }
    }

    private bool IsConfirmed(ProfilePage first, string where)
    {
        var count = first.Total ?? first.Profiles.Count;
        var isAll = first.Total is not null || first.SessionId is null || first.Profiles.Count < first.PageSize;
        if (count > 0 || IsWhatIf)
        {
            return IsConfirmed((isAll ? "" : "at least ")
                + $"{Phrase.Count(count, "profile")} {Service.Place} for which this is true: {where}");
        }

        this.WriteDetail("No profile matches the filter.");
        return false;
    }

    private void CollectIds()
    {
        foreach (var id in ConfirmedIds())
        {
            _ids.Add(id);
            if (_ids.Count == ProfileQuery.MaximumIds)
                RemoveCollected();
        }
    }

    private void RemoveCollected()
    {
        string[] ids = [.. _ids];
        _ids.Clear();
        foreach (var page in Reader.Pages(ids, new(), "distinct id", RemovedSoFar))
            Remove(page.Profiles);
    }

    private void Remove(IReadOnlyList<ProfileRecord> profiles)
    {
        if (_backup is not null)
            BackUp(_backup, profiles);
        foreach (var profile in profiles)
            Remove(profile.DistinctId);
    }

    /// <summary>Removes what was read before a query failed, so that the backup holds exactly the removed profiles, and says so.</summary>
    private string RemovedSoFar()
    {
        CompleteRun();
        FinishBackup();
        var removed = Run?.Account.Accepted ?? 0;
        if (_backup is not { Count: > 0 })
            return $"{Phrase.Count(removed, "profile")} had been removed; the same command removes the rest.";
        var file = File.Exists(_backup.Path) ? _backup.Path : _backup.LinesPath;
        return removed == _backup.Count
            ? $"{Phrase.Count(removed, "profile")} had been removed and are in '{file}'; the same command with another -BackupPath "
                + "removes the rest."
            : $"Of the {Phrase.Count(_backup.Count, "profile")} in '{file}', {Phrase.Number(removed)} had been removed; the same "
                + "command with another -BackupPath removes the rest.";
    }

    private void PrepareBackup(string path)
    {
        try
        {
            _backup = new(this, path);
        }
        catch (FailureException e)
        {
            this.ThrowTerminatingError(e.Failure);
        }
    }

    private void BackUp(RemovalBackup backup, IReadOnlyList<ProfileRecord> profiles)
    {
        try
        {
            backup.Write(profiles);
        }
        catch (FailureException e)
        {
            CompleteRun();
            this.ThrowTerminatingError(e.Failure);
        }
    }

    /// <summary>
    /// Finishes the backup even if the command fails, because profiles were removed; a command that is stopped has no time for
    /// that.
    /// </summary>
    private void WithBackup(Action work)
    {
        try
        {
            work();
        }
        catch (Exception) when (!Stopping)
        {
            FinishBackup();
            throw;
        }
    }

    private void FinishBackup() => _backup?.Finish();
}
