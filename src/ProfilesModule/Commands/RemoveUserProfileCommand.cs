using System.Collections;
using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Delivery;
using ProfilesModule.Export;
using ProfilesModule.Files;
using ProfilesModule.Isolation;
using ProfilesModule.Pipeline;
using ProfilesModule.Query;
using ProfilesModule.Rows;

namespace ProfilesModule.Commands;

/// <summary>
/// Removes user profiles for good; the events of their users stay. Asks before each named profile, or once for all that a
/// filter is true for, unless -Force or -Confirm:$false is given. Removing a profile that does not exist is no error: the
/// service answers both alike. With -BackupPath it is one, since what cannot be written is not removed.
/// </summary>
/// <example>
/// <code>Get-UserProfile -DistinctId 123, 456 | Remove-UserProfile</code>
/// <para>Removes two profiles, after asking for each.</para>
/// </example>
/// <example>
/// <code>Remove-UserProfile -PropertyEquals @{ plan = 'trial' } -BackupPath trials.csv</code>
/// <para>Asks once, with the number of profiles, then writes them to a file and removes them. <c>Import-UserProfileCsv trials.csv -IgnoreTime</c> restores them, with all values as text; a backup trials.jsonl, restored with <c>Import-UserProfileJson trials.jsonl -IgnoreTime</c>, keeps numbers, lists and objects.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "UserProfile", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = IdSet)]
[OutputType(typeof(string))]
public sealed class RemoveUserProfileCommand : RemoveProfileCommand
{
    private const string WhereSet = "Where";
    private const string PropertyEqualsSet = "PropertyEquals";

    private readonly List<string> _asked = [];
    private ProfileBackup? _backup;
    private string _backupFile = "";
    private bool _isBackupFinished;

    /// <summary>The distinct ids of the profiles, as text or as objects with a property DistinctId, distinct_id or $distinct_id.</summary>
    [Parameter(ParameterSetName = IdSet, Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("distinct_id", "$distinct_id")]
    [AllowNull]
    [DistinctIdTransformation(AllowNull = true)]
    public string[]? DistinctId { get; set; } = [];

    /// <summary>An expression of the service's language that is true for the profiles to remove, such as 'not defined(properties["$email"])'.</summary>
    [Parameter(ParameterSetName = WhereSet, Mandatory = true)]
    [ValidateUnicode]
    [ValidatePattern(@"\S")]
    public string? Where { get; set; }

    /// <summary>
    /// The values that properties of the profiles to remove have, all of them: text, numbers and Booleans. $null and empty text
    /// are refused, since a variable that was never set would remove everybody without the property; to mean that, write
    /// 'not defined(properties["plan"])' as -Where.
    /// </summary>
    [Parameter(ParameterSetName = WhereSet)]
    [ValidateUnicode]
    [Parameter(ParameterSetName = PropertyEqualsSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public IDictionary? PropertyEquals { get; set; }

    /// <summary>
    /// A CSV file to write the profiles to, with all their properties and $last_seen, before they are removed; Import-UserProfileCsv
    /// takes it back. Profiles that cannot be read or written are not removed. A file that exists is never overwritten, not even
    /// with -Force: it may be all that is left of profiles that were removed before. Until the end the profiles are lines of JSON
    /// in a file beside it, named like it and then .unfinished.jsonl, which stays when the command is broken off. A path that ends
    /// in .jsonl or .ndjson keeps them in that form; one that ends in .json is refused, since the lines are no JSON document.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? BackupPath { get; set; }

    /// <summary>
    /// Takes each distinct id literally. Without it, an id that is an alias of another stands for that other, and the profile
    /// behind it is removed; use it to remove a duplicate whose id is an alias. Profiles that were read first, for a filter or a
    /// backup, are always removed by their literal ids.
    /// </summary>
    [Parameter]
    public SwitchParameter IgnoreAlias { get; set; }

    /// <summary>Makes sure that there is a connection, one that can read where that is needed, and a backup that may be written.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        RefuseEmptyValues();
        if (ReadsFirst)
            _ = Reader;
        if (BackupPath is not null)
            PrepareBackup(BackupPath);
    }

    /// <summary>Takes the next profiles.</summary>
    protected override void ProcessRecord() => KeepingBackup(() =>
    {
        if (ParameterSetName is WhereSet or PropertyEqualsSet)
            RemoveMatching();
        else if (_backup is null)
            base.ProcessRecord();
        else
            Ask();
    });

    /// <summary>Removes the rest, waits for the outcome of every profile, and finishes the backup.</summary>
    protected override void EndProcessing()
    {
        KeepingBackup(() =>
        {
            if (_asked.Count > 0)
                RemoveAsked();
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

    private protected override IReadOnlyList<string>? Ids => DistinctId;

    private protected override string Noun => "profile";

    // An alias is no name that the service reads by: what was read under an id must be what is removed under it.
    private protected override RecordOptions Records => new() { IgnoreAlias = IgnoreAlias || ReadsFirst };

    private protected override string NextStep => _backup is null
        ? base.NextStep
        : $"'{_backup.LinesPath}' has the profiles that were removed. The same command with another -BackupPath removes the rest.";

    private bool ReadsFirst => BackupPath is not null || ParameterSetName is WhereSet or PropertyEqualsSet;

    private void RefuseEmptyValues()
    {
        foreach (DictionaryEntry entry in PropertyEquals ?? new Hashtable())
        {
            var value = entry.Value is null ? null : PipelineValues.Unwrap(entry.Value);
            if (value is null or "")
                ThrowTerminatingError(Errors.EmptyValueToRemove(entry.Key.ToString()!, ProfileFilter.WhereEqual([KeyValuePair.Create(entry.Key.ToString()!, value)])));
        }
    }

    private void RemoveMatching()
    {
        // Where nothing is kept, the shortest property that every profile has is enough.
        var filter = new ProfileFilter { Where = Reader.Condition(Where, PropertyEquals), OutputProperties = _backup is null ? [ProfileObject.LastSeen] : null };
        var isConfirmed = false;
        foreach (var page in Reader.Pages(filter, Removed))
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
        var atLeast = isAll ? "" : "at least ";
        if (count > 0 || IsWhatIf)
            return IsConfirmed($"{atLeast}{Errors.Count(count, "profile")} {Service.Place} for which this is true: {where}");
        this.WriteDetail("There is no profile that the filter is true for.");
        return false;
    }

    private void Ask()
    {
        foreach (var id in Asked)
        {
            if (!IsConfirmed($"{Noun} '{id}' {Service.Place}"))
                continue;
            _asked.Add(id);
            if (_asked.Count == ProfileQuery.MaximumIds)
                RemoveAsked();
        }
    }

    private void RemoveAsked()
    {
        var asked = _asked.ToArray();
        _asked.Clear();
        foreach (var page in Reader.Pages(asked, new(), "distinct id", Removed))
            Remove(page.Profiles);
    }

    private void Remove(IReadOnlyList<ProfileRecord> profiles)
    {
        if (_backup is not null && profiles.Count > 0)
            BackUp(_backup, profiles);
        foreach (var profile in profiles)
            Send(profile.DistinctId);
    }

    /// <summary>
    /// Removes what was read before the reading failed, so that the backup holds what is gone and nothing else, and says so.
    /// </summary>
    private string Removed()
    {
        CompleteRun();
        FinishBackup();
        var removed = Run?.Account.Accepted ?? 0;
        if (_backup is not { Count: > 0 })
            return $"{Errors.Count(removed, "profile")} had been removed; the same command removes the rest.";
        var file = File.Exists(_backupFile) ? _backupFile : _backup.LinesPath;
        return removed == _backup.Count
            ? $"{Errors.Count(removed, "profile")} had been removed, which '{file}' has; the same command with another -BackupPath removes the rest."
            : $"Of the {Errors.Count(_backup.Count, "profile")} in '{file}' {removed:N0} had been removed; the same command with another -BackupPath removes the rest.";
    }

    private void PrepareBackup(string path)
    {
        _backupFile = OutputPath.Resolve(this, path, isLiteral: false);
        if (System.IO.Path.GetExtension(_backupFile).Equals(".json", StringComparison.OrdinalIgnoreCase))
            ThrowTerminatingError(Errors.BackupFormatUnknown(path));
        _backup = new(_backupFile, Dependencies.Csv);
        if (_backup.Exists)
            ThrowTerminatingError(Errors.BackupExists(_backupFile));
        if (_backup.IsLeftBehind)
            ThrowTerminatingError(Errors.BackupLeftBehind(_backup.LinesPath));
    }

    private void BackUp(ProfileBackup backup, IReadOnlyList<ProfileRecord> profiles)
    {
        if (backup.Count == 0)
            this.WriteDetail($"The profiles are written to '{backup.LinesPath}' before they are removed; at the end '{_backupFile}' is made of it.");
        try
        {
            backup.Write(profiles);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CompleteRun();
            ThrowTerminatingError(Errors.BackupFailed(e, _backupFile));
        }
    }

    /// <summary>A command that ends early has removed profiles all the same, and owes their backup; one that is stopped has no time for it.</summary>
    private void KeepingBackup(Action work)
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

    private void FinishBackup()
    {
        if (_backup is null || _isBackupFinished)
            return;
        _isBackupFinished = true;
        try
        {
            var lost = _backup.Complete();
            if (lost.Count > 0)
                this.Warn($"The backup '{_backupFile}' has no column for {Errors.Names(lost)}: an import could not take it back. '{_backup.LinesPath}' has everything.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WriteError(Errors.BackupNotFinished(e, _backupFile, _backup.LinesPath));
        }
    }
}
