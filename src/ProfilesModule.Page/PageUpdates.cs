using System.Text.Json;
using ProfilesModule.Delivery;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Wire;

namespace ProfilesModule.Page;

/// <summary>
/// Sends what is done on the page as updates, which go the way of those of the cmdlets: the same rules, batches and retries.
/// </summary>
/// <param name="endpoint">The service.</param>
/// <param name="transport">Leads to it.</param>
/// <param name="token">The token of the project.</param>
internal sealed class PageUpdates(Uri endpoint, Func<IEngageTransport> transport, string token)
{
    // Somebody waits for the answer.
    private static readonly DeliveryOptions Delivery = new()
    {
        BatchSize = Limits.MaximumBatchSize,
        MaximumRetryCount = 3,
        RetryInterval = TimeSpan.FromMilliseconds(200),
    };

    private static readonly ValueWriter Values = new(value => value);

    /// <summary>The service.</summary>
    public Uri Endpoint => endpoint;

    /// <summary>Leads to the service.</summary>
    public IEngageTransport Transport => transport();

    /// <summary>The token of the project.</summary>
    public string Token => token;

    /// <summary>Changes a profile. Its time of last update stays as it is unless the profile is new.</summary>
    /// <param name="id">The profile.</param>
    /// <param name="set">The object of properties to set; undefined for none.</param>
    /// <param name="unset">The properties to remove.</param>
    /// <param name="isNew">Whether the profile is new.</param>
    /// <param name="cancellation">Ends the sending.</param>
    public async Task<EditOutcome> EditAsync(
        string id, JsonElement set, IReadOnlyCollection<string> unset, bool isNew, CancellationToken cancellation)
    {
        var failures = new FailureText();
        await using var sender = new UpdateSender(Transport, Delivery, failures.Events, TimeProvider.System);
        using var stopping = cancellation.Register(() => sender.End(null, TimeSpan.Zero));
        using var writer = new UpdateWriter(sender, token, new() { IgnoreTime = !isNew, IgnoreAlias = true });
        var rules = new RowRules(new());
        var updates = new ObjectUpdates(writer, Values, rules);
        var fields = new RowFields();
        if (set.ValueKind == JsonValueKind.Object)
            fields.TryTake(set);
        if (fields.Count > 0 || isNew)
        {
            var origin = Next(writer, rules);
            if (updates.Write(Operation.Set, id, fields, -1, origin) is { } failure)
                return new(failure.Message + " " + failure.Remedy, []);
        }

        if (unset.Count > 0)
        {
            var origin = Next(writer, rules);
            if (updates.Unset(id, unset, origin) is { } failure)
                return new(failure.Message + " " + failure.Remedy, []);
        }

        await writer.CompleteAsync().ConfigureAwait(false);
        return new(failures.Reason(sender), [.. rules.Findings.Select(finding => finding.Message)]);
    }

    /// <summary>Removes profiles.</summary>
    /// <param name="ids">The profiles.</param>
    /// <param name="cancellation">Ends the sending.</param>
    /// <returns>How many were removed, and why others were not; null if all were.</returns>
    public async Task<(long Removed, string? Error)> RemoveAsync(IEnumerable<string> ids, CancellationToken cancellation)
    {
        var failures = new FailureText();
        await using var sender = new UpdateSender(Transport, Delivery, failures.Events, TimeProvider.System);
        using var stopping = cancellation.Register(() => sender.End(null, TimeSpan.Zero));

        // Else another profile would be removed than the one that was shown.
        using var writer = new UpdateWriter(sender, token, new() { IgnoreAlias = true });
        await writer.DeleteAsync(ids.TakeWhile(_ => !sender.IsEnding)).ConfigureAwait(false);
        return (sender.Account.Accepted, failures.Reason(sender));
    }

    private static UpdateOrigin Next(UpdateWriter writer, RowRules rules)
    {
        writer.NextRow(out var row);
        var origin = new UpdateOrigin(row, 0, null);
        rules.BeginRow(origin);
        return origin;
    }

    /// <summary>Keeps why updates failed.</summary>
    private sealed class FailureText
    {
        private string? _message;

        public FailureText() => Events = new() { UpdatesFailed = failed => _message = failed.Message };

        public DeliveryEvents Events { get; }

        public string? Reason(UpdateSender sender) => _message ?? sender.Stop?.Message;
    }
}

/// <summary>What became of a change.</summary>
/// <param name="Error">Why it was not made; null if it was.</param>
/// <param name="Warnings">What the rules found in it.</param>
internal sealed record EditOutcome(string? Error, IReadOnlyList<string> Warnings);
