using ProfilesModule.Canary;
using ProfilesModule.Delivery.Sync;
using ProfilesModule.Isolation;
using ProfilesModule.Model;
using ProfilesModule.Rules;

namespace ProfilesModule.Commands;

/// <summary>How a command uses a state, as its parameters say.</summary>
/// <param name="Path">The full path of the file; null for no state.</param>
/// <param name="Full">Whether everything is sent.</param>
/// <param name="MaxAge">What was sent longer ago is sent again; zero for never.</param>
/// <param name="RemovesMissing">Whether properties that an update does not have any more are removed.</param>
internal readonly record struct StateUse(string? Path, bool Full, TimeSpan MaxAge, bool RemovesMissing)
{
    // As Test-UserProfileConnection waits by default.
    private static readonly TimeSpan CanaryTimeout = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan ShortestAge = TimeSpan.FromMinutes(1);

    /// <summary>Whether profiles that the input does not have any more are removed.</summary>
    public bool RemovesProfiles { get; init; }

    /// <summary>The state; null for none.</summary>
    /// <param name="operation">What the command does.</param>
    /// <param name="unfit">A parameter that cannot be used with a state; null for none.</param>
    /// <exception cref="FailureException">The parameters cannot be used together.</exception>
    public SyncOptions? Options(Operation operation, string? unfit)
    {
        if (Path is null)
        {
            var option = Full ? "-Full" : MaxAge != default ? "-MaxStateAge" : RemovesMissing ? "-RemoveMissingProperty" : null;
            return option is null ? null : throw new FailureException(Failures.StateNeeded(option));
        }

        if (unfit is not null)
            throw new FailureException(Failures.StateUnfit(unfit));
        if (!operation.IsRepeatable())
            throw new FailureException(Failures.StateNotForOperation(operation));
        if (RemovesMissing && operation != Operation.Set)
            throw new FailureException(Failures.OptionNotForOperation("-RemoveMissingProperty", operation));
        if (MaxAge != default && MaxAge < ShortestAge)
            throw new FailureException(Failures.StateAgeTooShort);
        return new()
        {
            Path = Path,
            Open = Dependencies.OpenState,
            Hash = Dependencies.Hash,
            Full = Full,
            MaxAge = MaxAge == default ? null : MaxAge,
            RemovesMissing = RemovesMissing,
            RemovesProfiles = RemovesProfiles,
        };
    }

    /// <summary>
    /// Tests, for a new state, whether updates arrive: the service also accepts those with a wrong token. Warns where that cannot be
    /// tested.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="warn">Takes a warning, from any thread.</param>
    /// <param name="cancellation">Ends the test.</param>
    /// <exception cref="FailureException">They do not arrive.</exception>
    public static async Task TestAsync(UserProfileConnection connection, Action<string> warn, CancellationToken cancellation)
    {
        if (!connection.CanQuery)
        {
            warn(Failures.StateNotProvenWarning);
            return;
        }

        var query = connection.Query(TimeProvider.System, 0, TimeSpan.Zero, _ => { }, longestAttempt: CanaryTimeout);
        var canary = new CanaryProfile(
            connection.Transport(TimeProvider.System, forGroups: false), query, connection.SecretToken, TimeProvider.System)
        {
            Timeout = CanaryTimeout,
        };
        var test = new ConnectionTest(connection, await canary.TestAsync(cancellation).ConfigureAwait(false), CanaryTimeout);
        if (test.RemovalWarning is { } warning)
            warn(warning);

        // On this machine queries are tried without a service account, which some service there may not answer.
        if (test.Query == ConnectionTestOutcome.Failed && connection.ServiceAccount is null)
            warn(Failures.StateNotProvenWarning);
        else if (!test.Succeeded)
            throw new FailureException(Failures.StateNotProven(test.Message, test.RecommendedAction, connection));
    }
}
