using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Sources;

namespace ProfilesModule.Import;

/// <content>What a run would do, which is counted before it is confirmed, or instead.</content>
internal sealed partial class ImportRun
{
    // Of all files, where nothing is sent.
    private SyncState? _counting;

    /// <summary>How the rows differ from the state, where they are only counted.</summary>
    public SyncChanges? Changes => _counting?.Changes;

    private async Task<bool> IsConfirmedAsync(SourceFile file)
    {
        var path = file.Input.Path;
        if (_options.Mode is not (ImportMode.Count or ImportMode.CountAndSend))
            return await _events.Confirm(path, null).ConfigureAwait(false);
        var account = await CountAsync(file).ConfigureAwait(false);
        if (_options.Mode == ImportMode.Count)
        {
            _counted.Read += account.Read;
            _counted.Rejected += account.Rejected;
            _counted.Unchanged += account.Unchanged;
            _counted.OtherPartitions += account.OtherPartitions;
            _counted.Skipped += account.Read - account.Rejected - account.Unchanged;
        }

        return await _events.Confirm(path, account).ConfigureAwait(false);
    }

    /// <summary>Counts what sending the file would do. Only -WhatIf reports what is wrong with its rows.</summary>
    private async Task<DeliveryAccount> CountAsync(SourceFile file)
    {
        var options = _options.Delivery with { MaxUpdatesPerSecond = null, MaxFailure = null, MaxParseErrors = null, Timeout = null };
        await using var sender = new UpdateSender(new AcceptingTransport(), options, new(), TimeProvider.System);
        var state = CountingState(file.Input.Path);
        using var writer = new UpdateWriter(sender, "", _options.Records, state);
        using var again = file.Reopen();
        var isReported = _options.Mode == ImportMode.Count;
        await SendRowsAsync(again, sender, writer, isReported ? Rules : new(_options.Rules), isReported).ConfigureAwait(false);
        await writer.CompleteAsync().ConfigureAwait(false);
        if (state != _counting)
            state?.Dispose();
        return sender.Account;
    }

    /// <summary>What rows are compared with that are only counted; null without a state.</summary>
    private SyncState? CountingState(string path)
    {
        if (_options.State is not { } options)
            return null;
        var state = _counting ?? options.OpenState(_options.StateSubject, writes: false);
        state.AddSource(path);
        return _options.Mode == ImportMode.Count ? _counting = state : state;
    }
}
