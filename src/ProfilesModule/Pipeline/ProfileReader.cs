using System.Collections;
using System.Management.Automation;
using ProfilesModule.Delivery;
using ProfilesModule.Query;
using ProfilesModule.Rules;

namespace ProfilesModule.Pipeline;

/// <summary>
/// One command's reading of profiles, page by page, and what it tells, brought to the streams of the command. No page is
/// asked for that nobody waits for.
/// </summary>
internal sealed class ProfileReader : IDisposable
{
    // A shorter wait ends before the user wonders what the command is doing.
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(15);

    private readonly PSCmdlet _command;
    private readonly UserProfileConnection _service;
    private readonly CancellationToken _stop;
    private readonly PipelinePump _pump = new();
    private readonly ProfileQuery _query;
    private readonly List<string> _missing = [];

    public ProfileReader(PSCmdlet command, UserProfileConnection service, int maximumRetryCount, TimeSpan retryInterval, bool allowsIncomplete, CancellationToken stop)
    {
        _command = command;
        _service = service;
        _stop = stop;
        _query = service.Query(TimeProvider.System, maximumRetryCount, retryInterval, retrying => _pump.Post(() => Write(retrying)), allowsIncomplete ? missing => _pump.Post(() => Write(missing)) : null);
    }

    /// <summary>The expression that is true where another is and properties have these values; null when neither is given. Ends the command when there is none.</summary>
    public string? Condition(string? where, IDictionary? propertyEquals)
    {
        var conditions = new List<string>();
        if (where is not null)
            conditions.Add(where);
        try
        {
            if (propertyEquals is { Count: > 0 })
                conditions.Add(ProfileFilter.WhereEqual(propertyEquals.Cast<DictionaryEntry>().Select(e => KeyValuePair.Create(e.Key.ToString()!, e.Value is null ? null : PipelineValues.Unwrap(e.Value)))));
        }
        catch (NotSupportedException e)
        {
            _command.ThrowTerminatingError(Failures.ValueNotComparable(e));
        }

        return conditions.Count == 0 ? null : string.Join(" and ", conditions.Select(c => conditions.Count == 1 ? c : $"({c})"));
    }

    /// <summary>Reads the profiles that a filter is true for. Ends the command when the service cannot be asked.</summary>
    /// <param name="filter">Which profiles, and how much of them.</param>
    /// <param name="unfinished">What a command that ends then leaves undone.</param>
    public IEnumerable<ProfilePage> Pages(ProfileFilter filter, Func<string>? unfinished = null)
    {
        var pages = _query.ReadAsync(filter, _stop).GetAsyncEnumerator(_stop);
        var read = 0L;
        _missing.Clear();
        try
        {
            for (var number = 1; Next(pages, unfinished); number++)
            {
                _command.WriteDetail($"Page {number}: {Phrase.Count(pages.Current.Profiles.Count, "profile")}.");
                read += pages.Current.Profiles.Count;
                yield return pages.Current;
            }
        }
        finally
        {
            // However it ends: who wants no more profiles has to know that some of those before were left out.
            if (_missing.Count > 0)
                _command.Warn($"Profiles may be missing: {Phrase.Several(_missing)}. Because of -AllowIncomplete, the command "
                    + $"continued; it read {Phrase.Count(read, "profile")}.");
        }
    }

    /// <summary>Reads named profiles. After the last page each name that was not found is an error.</summary>
    /// <param name="ids">The names, at most as many as one request takes.</param>
    /// <param name="filter">How much of them to read.</param>
    /// <param name="noun">What names a profile.</param>
    /// <param name="unfinished">What a command that ends then leaves undone.</param>
    public IEnumerable<ProfilePage> Pages(IReadOnlyCollection<string> ids, ProfileFilter filter, string noun, Func<string>? unfinished = null)
    {
        var missing = new HashSet<string>(ids, StringComparer.Ordinal);
        var asked = missing.ToArray();
        var found = 0;
        foreach (var page in Pages(filter with { DistinctIds = asked }, unfinished))
        {
            found += page.Profiles.Count;
            missing.ExceptWith(page.Profiles.Select(p => p.DistinctId));
            yield return page;
        }

        // A merged user is found under another id than was asked for; only a count that falls short says that one is missing. And
        // where the service left profiles out, nobody knows of which there are none.
        if (found >= asked.Length || _missing.Count > 0)
            yield break;
        foreach (var id in asked.Where(missing.Contains))
            _command.WriteError(Failures.ProfileNotFound(noun, id));
    }

    public void Dispose() => _pump.Dispose();

    private void Write(Retrying retrying)
    {
        _command.WriteDetail($"Page {retrying.Batch}: {retrying}");
        if (retrying.Delay >= LongWait)
            _command.Warn($"The last attempt failed: {retrying.Reason}. The next one is in {Phrase.Wait(retrying.Delay)}; the command "
                + "continues by itself.");
    }

    private void Write(string missing)
    {
        _missing.Add(missing);
        _command.WriteDetail($"Allowed by -AllowIncomplete: {missing}.");
    }

    private bool Next(IAsyncEnumerator<ProfilePage> pages, Func<string>? unfinished)
    {
        try
        {
            var page = pages.MoveNextAsync().AsTask();
            _pump.Run(page, _stop);
            return page.GetAwaiter().GetResult();
        }
        catch (QueryException e)
        {
            _command.ThrowTerminatingError(e.ToFailure(_service, _service.QueryEndpoint, unfinished?.Invoke()));
            throw;
        }
    }
}
