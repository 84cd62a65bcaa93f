using System.Collections;
using System.Management.Automation;
using ProfilesModule.Pipeline;
using ProfilesModule.Query;
using ProfilesModule.Rows;

namespace ProfilesModule.Commands;

/// <summary>
/// The base of the cmdlets that read profiles: all of them, those that a filter is true for, or named ones. Profiles are
/// written as their pages arrive, and no page is asked for that nobody waits for.
/// </summary>
public abstract class GetProfileCommand : UserProfileCommand
{
    /// <summary>The parameter set of all profiles, or those that a filter is true for.</summary>
    protected const string FilterSet = "Filter";

    /// <summary>The parameter set of named profiles.</summary>
    protected const string IdSet = "Id";

    private readonly List<string> _asked = [];
    private readonly ProfileObject _profiles;
    private ProfileQuery? _query;
    private PipelinePump? _pump;
    private ulong _skipped;
    private ulong _written;

    /// <summary>Makes the command.</summary>
    private protected GetProfileCommand() => _profiles = new() { Warn = WriteWarning };

    /// <summary>An expression of the service's language that is true for the profiles to read, such as 'properties["plan"] == "pro" and defined(properties["$email"])'.</summary>
    [Parameter(ParameterSetName = FilterSet)]
    [ValidateNotNullOrEmpty]
    public string? Where { get; set; }

    /// <summary>The values that properties of the profiles to read have, all of them: text, numbers and Booleans, or $null for a property that is not set.</summary>
    [Parameter(ParameterSetName = FilterSet)]
    [ValidateNotNull]
    public IDictionary? PropertyEquals { get; set; }

    /// <summary>The names of the properties to read. Default: all.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Property { get; set; }

    /// <summary>Makes sure that profiles can be read.</summary>
    protected override void BeginProcessing()
    {
        if (!Service.CanQuery)
            ThrowTerminatingError(Errors.QueryNotConfigured(Service));
        _pump = new();
        _query = Service.Query(TimeProvider.System, MaximumRetryCount, RetryInterval, retrying =>
            _pump.Post(() => WriteVerbose($"Page {retrying.Batch}: retry {retrying.Retry} in {retrying.Delay.TotalSeconds:0.0} s, because {retrying.Reason}.")));
    }

    /// <summary>Takes the next identifiers, and reads their profiles when there are enough for a request.</summary>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == FilterSet)
        {
            Read(Filter());
            return;
        }

        foreach (var id in Ids)
        {
            _asked.Add(id);
            if (_asked.Count == ProfileQuery.MaximumIds)
                ReadAsked();
        }
    }

    /// <summary>Reads the named profiles that are left.</summary>
    protected override void EndProcessing()
    {
        if (_asked.Count > 0)
            ReadAsked();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _pump?.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The named profiles.</summary>
    private protected abstract IReadOnlyList<string> Ids { get; }

    /// <summary>What names a profile.</summary>
    private protected abstract string Noun { get; }

    /// <summary>A profile of the command's kind.</summary>
    private protected abstract ServiceProfile Profile(ProfileRecord record, DateTime? updatedAt);

    /// <summary>All profiles that the command may read.</summary>
    private protected virtual ProfileFilter Everything => new() { OutputProperties = Property };

    private ProfileFilter Filter()
    {
        var conditions = new List<string>();
        if (Where is not null)
            conditions.Add(Where);
        try
        {
            if (PropertyEquals is { Count: > 0 })
                conditions.Add(ProfileFilter.WhereEqual(PropertyEquals.Cast<DictionaryEntry>().Select(e => KeyValuePair.Create(e.Key.ToString()!, e.Value is null ? null : PipelineValues.Unwrap(e.Value)))));
        }
        catch (NotSupportedException e)
        {
            ThrowTerminatingError(Errors.ValueNotComparable(e));
        }

        return Everything with
        {
            Where = conditions.Count == 0 ? null : string.Join(" and ", conditions.Select(c => conditions.Count == 1 ? c : $"({c})")),
        };
    }

    private void ReadAsked()
    {
        var missing = new HashSet<string>(_asked, StringComparer.Ordinal);
        var asked = missing.ToArray();
        _asked.Clear();
        var found = Read(Everything with { DistinctIds = asked }, missing);

        // A merged user is found under another id than was asked for; only a count that falls short says that one is missing.
        if (found < asked.Length && !IsSatisfied)
        {
            foreach (var distinctId in asked.Where(missing.Contains))
                WriteError(Errors.ProfileNotFound(Noun, distinctId));
        }
    }

    /// <summary>Whether as many profiles were written as -First asks for.</summary>
    private bool IsSatisfied => _written >= PagingParameters.First;

    private int Read(ProfileFilter filter, HashSet<string>? missing = null)
    {
        var found = 0;
        var pages = _query!.ReadAsync(filter, StopToken).GetAsyncEnumerator(StopToken);
        try
        {
            for (var number = 1; !IsSatisfied && Wait(pages.MoveNextAsync().AsTask()); number++)
            {
                var page = pages.Current;
                WriteVerbose($"Page {number}: {Errors.Count(page.Profiles.Count, "profile")}.");
                if (number == 1 && PagingParameters.IncludeTotalCount && ParameterSetName == FilterSet)
                    WriteObject(PagingParameters.NewTotalCount((ulong)(page.Total ?? 0), page.Total is null ? 0 : 1));
                foreach (var profile in page.Profiles)
                {
                    missing?.Remove(profile.DistinctId);
                    Write(profile);
                }

                found += page.Profiles.Count;
                WriteProgress(new(1, MyInvocation.MyCommand.Name, $"{found:N0} profiles read"));
            }
        }
        catch (QueryException e)
        {
            ThrowTerminatingError(Errors.QueryFailed(e, Service));
        }

        WriteProgress(new(1, MyInvocation.MyCommand.Name, "Done") { RecordType = ProgressRecordType.Completed });
        return found;
    }

    private void Write(ProfileRecord profile)
    {
        if (_skipped < PagingParameters.Skip)
        {
            _skipped++;
        }
        else if (!IsSatisfied)
        {
            _written++;
            WriteObject(_profiles.Create(Profile(profile, ProfileObject.TakeUpdatedAt(profile))));
        }
    }

    private bool Wait(Task<bool> page)
    {
        _pump!.Run(page, StopToken);
        return page.GetAwaiter().GetResult();
    }
}
