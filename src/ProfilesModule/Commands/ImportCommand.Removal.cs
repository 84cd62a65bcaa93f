using System.Management.Automation;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Import;
using ProfilesModule.Model;
using ProfilesModule.Pipeline;
using ProfilesModule.Query;
using ProfilesModule.Rules;

namespace ProfilesModule.Commands;

/// <content>Removes the profiles that the input does not have any more, and says what differs from the state.</content>
public abstract partial class ImportCommand
{
    private RemovalBackup? _backup;

    /// <summary>Where profiles are saved before they are removed; null for nowhere.</summary>
    private protected virtual string? Backup => null;

    /// <exception cref="FailureException">The parameters cannot be used together, or there can be no backup.</exception>
    private void PrepareRemoval()
    {
        if (RemoveMissing && StatePath is null)
            throw new FailureException(Failures.StateNeeded("-RemoveMissing"));
        if (RemoveMissing && Operation != Operation.Set)
            throw new FailureException(Failures.OptionNotForOperation("-RemoveMissing", Operation));
        if (Backup is null)
            return;
        if (!RemoveMissing)
            throw new FailureException(Failures.RemovalNeeded);
        if (!Service.CanQuery)
            throw new FailureException(Failures.QueryNotConfigured(Service));
        _backup = new(this, PartitionChoice.PathFor(Backup, "-BackupPath", _partition)!);
    }

    /// <summary>Removes what is missing, once the outcome of every row is known.</summary>
    private void RemoveMissingProfiles()
    {
        if (!RemoveMissing && _import!.Changes is null)
            return;
        var missing = RemoveMissing ? _import!.FindMissing() : null;
        if (_import!.Changes is { } changes)
            WriteInformation(new HostInformationMessage { Message = Describe(changes, missing) }, ["PSHOST"]);
        if (!RemoveMissing)
            return;
        if (missing is null)
        {
            this.Warn($"No {Noun} is removed, because not every row of the input was read and accepted.");
            return;
        }

        if (_import.RefusalOf(missing, MaxRemovePercent) is { } refusal)
        {
            Fail(refusal);
            return;
        }

        if (missing.Others > 0)
        {
            var are = missing.Others == 1 ? "is" : "are";
            this.Warn($"{Phrase.Count(missing.Others, "profile")} of the state {are} missing too, but came from other input or with other "
                + "parameters, and stay.");
        }

        if (missing.Ids.Count > 0 && IsRemovalConfirmed(missing.Ids.Count))
            Remove(missing.Ids);
    }

    private void Remove(IReadOnlyList<string> ids)
    {
        try
        {
            var saved = _backup is null ? ids : Save(_backup, ids);
            Run!.Produce(() => _import!.RemoveAsync(saved, Service));
        }
        catch (FailureException e)
        {
            Fail(e.Failure);
        }
        finally
        {
            _backup?.Finish();
        }
    }

    /// <summary>Saves profiles before they are removed; those that were not found stay.</summary>
    private List<string> Save(RemovalBackup backup, IReadOnlyList<string> ids)
    {
        var saved = new List<string>();
        foreach (var some in ids.Chunk(ProfileQuery.MaximumIds))
        {
            foreach (var page in Reader.Pages(new() { DistinctIds = some }))
            {
                // A merged user is found under another identifier than was asked for.
                var found = page.Profiles.Where(profile => some.Contains(profile.DistinctId, StringComparer.Ordinal)).ToArray();
                backup.Write(found);
                saved.AddRange(found.Select(profile => profile.DistinctId));
            }
        }

        var lost = ids.Count - saved.Count;
        if (lost > 0)
            this.Warn($"{Phrase.Count(lost, "profile")} to be removed {(lost == 1 ? "was" : "were")} not found, and so not removed.");
        return saved;
    }

    /// <summary>Asks as a command of high impact does, whatever the impact of an import is.</summary>
    private bool IsRemovalConfirmed(int count)
    {
        var (target, action) = ($"{Phrase.Count(count, Noun)} {Service.Place}", $"Remove {Noun}s that the input does not have any more");
        if (!ShouldProcess(target, action))
            return false;
        var wasAsked = this.Switch("Confirm") is not null || IsConfirming;
        return wasAsked || GetVariableValue("ConfirmPreference") is not ConfirmImpact.High || ShouldContinue(target, action + "?");
    }

    private static string Describe(SyncChanges changes, SyncMissing? missing)
    {
        var parts = new List<string>
        {
            Part(changes.New.Count, "new", changes.New.Examples),
            Part(changes.Changed.Count, "changed", changes.Changed.Examples),
            Part(changes.Unchanged.Count, "unchanged", changes.Unchanged.Examples),
        };
        if (missing is not null)
            parts.Add(Part(missing.Ids.Count, "to be removed", [.. missing.Ids.Take(SyncRows.MostExamples)]));
        return $"Compared with the state: {string.Join(", ", parts)}.";

        static string Part(long count, string what, IReadOnlyList<string> examples)
        {
            var shown = string.Join(", ", examples.Select(id => $"'{id}'"));
            return count == 0 ? $"0 {what}" : $"{Phrase.Number(count)} {what} ({shown}{(count > examples.Count ? ", …" : "")})";
        }
    }
}
