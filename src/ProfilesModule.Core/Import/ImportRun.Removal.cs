using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Rules;

namespace ProfilesModule.Import;

/// <content>Removes what the state knows and the input does not have any more.</content>
internal sealed partial class ImportRun
{
    private UpdateSender? _removal;

    /// <summary>How many profiles were removed.</summary>
    public long Removed => _removal?.Account.Accepted ?? 0;

    /// <summary>
    /// What the state knows and the input does not have; null if that cannot be said, because not every row was read and accepted.
    /// </summary>
    public SyncMissing? FindMissing()
    {
        var isWhole = !StoppedEarly && !_isPartial && !_stop.IsCancellationRequested && Account is { Rejected: 0, Unknown: 0, Unsent: 0 };
        return isWhole ? (_counting ?? Trail?.State)?.FindMissing() : null;
    }

    /// <summary>Why profiles that are missing must not be removed; null if they may.</summary>
    /// <param name="missing">The profiles.</param>
    /// <param name="maxPercent">How many of those that the state knows may be removed, in percent.</param>
    public Failure? RefusalOf(SyncMissing missing, int maxPercent)
    {
        var path = _options.State!.Path;
        if (Account.Read == 0 || (Account.Read == Account.Skipped && _options.Mode != ImportMode.Count))
            return Failures.NothingInInput(path);
        if (missing is { Ids.Count: 0, Others: > 0 })
            return Failures.MissingOfOtherSource(missing.Others, path);
        return missing.Ids.Count * 100L > missing.Known * maxPercent
            ? Failures.TooManyMissing(missing.Ids.Count, missing.Known, maxPercent, path)
            : null;
    }

    /// <summary>Removes profiles. What is not removed is missing in the next run too.</summary>
    /// <param name="ids">The profiles.</param>
    /// <param name="service">The connection, as target of errors.</param>
    public async Task RemoveAsync(IReadOnlyCollection<string> ids, object service)
    {
        var (state, reason) = (Trail!.State!, "the run was stopped");
        var events = new DeliveryEvents { UpdatesFailed = failed => reason = failed.Message };
        _removal = new(_options.Transport, _options.Delivery, events, TimeProvider.System, new() { State = state });
        using var stopping = _stop.Register(() => _removal.End(null, TimeSpan.Zero));

        // Else another profile would be removed than the one that is missing.
        using var writer = new UpdateWriter(_removal, _options.Token, _options.Records with { IgnoreAlias = true });
        await writer.DeleteAsync(ids).ConfigureAwait(false);
        state.Removed = Removed;
        if (Removed == ids.Count)
            return;
        if (_removal.Stop is { } stop)
            Fail(stop.ToFailure(service, _removal.Account) with { IsTemporary = stop.IsTemporary });
        else
            Fail(Failures.RemovalIncomplete(Removed, ids.Count, reason, _options.State!.Path));
    }

    private void DisposeRemoval()
    {
        // It has ended, or was told to.
        _removal?.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
