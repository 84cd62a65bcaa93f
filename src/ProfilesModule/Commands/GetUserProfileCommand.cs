using System.Management.Automation;
using ProfilesModule.Binding;
using ProfilesModule.Pipeline;
using ProfilesModule.Query;

namespace ProfilesModule.Commands;

/// <summary>
/// Reads user profiles: all of them, or those of some distinct ids. Profiles are written as their pages arrive, and no page
/// is asked for that nobody waits for.
/// </summary>
/// <example>
/// <code>Get-UserProfile -DistinctId 123</code>
/// <para>Reads one profile.</para>
/// </example>
/// <example>
/// <code>Get-UserProfile | Where-Object plan -eq pro | Export-Csv pro.csv</code>
/// <para>Reads all profiles and keeps some of them in a file.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "UserProfile")]
[OutputType(typeof(UserProfile))]
public sealed class GetUserProfileCommand : UserProfileCommand
{
    private readonly List<string> _asked = [];
    private readonly UserProfileObject _profiles;
    private ProfileQuery? _query;
    private PipelinePump? _pump;

    /// <summary>Makes the command.</summary>
    public GetUserProfileCommand() => _profiles = new() { Warn = WriteWarning };

    /// <summary>
    /// The distinct ids of the profiles to read, as text or as objects with a property DistinctId, distinct_id or
    /// $distinct_id. Without it all profiles are read.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("distinct_id", "$distinct_id")]
    [DistinctIdTransformation]
    public string[]? DistinctId { get; set; }

    /// <summary>How often a failed request is tried again, 0 to 100. Default 5.</summary>
    [Parameter]
    [ValidateRange(0, 100)]
    public int MaximumRetryCount { get; set; } = 5;

    /// <summary>The longest wait in seconds before the first retry, doubled for each one after, up to a minute. Default 2.</summary>
    [Parameter]
    [ValidateRange(0, 60)]
    public int RetryIntervalSec { get; set; } = 2;

    /// <summary>Makes sure that profiles can be read.</summary>
    protected override void BeginProcessing()
    {
        if (!Service.CanQuery)
            ThrowTerminatingError(Errors.QueryNotConfigured(Service));
        _pump = new();
        _query = Service.Query(TimeProvider.System, MaximumRetryCount, TimeSpan.FromSeconds(RetryIntervalSec), retrying =>
            _pump.Post(() => WriteVerbose($"Page {retrying.Batch}: retry {retrying.Retry} in {retrying.Delay.TotalSeconds:0.0} s, because {retrying.Reason}.")));
    }

    /// <summary>Takes the next distinct ids, and reads their profiles when there are enough for a request.</summary>
    protected override void ProcessRecord()
    {
        if (DistinctId is null)
        {
            if (!MyInvocation.ExpectingInput)
                Read(null);
            return;
        }

        foreach (var distinctId in DistinctId)
        {
            _asked.Add(distinctId);
            if (_asked.Count == ProfileQuery.MaximumIds)
                ReadAsked();
        }
    }

    /// <summary>Reads the profiles of the distinct ids that are left.</summary>
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

    private void ReadAsked()
    {
        var missing = new HashSet<string>(_asked, StringComparer.Ordinal);
        var asked = missing.ToArray();
        _asked.Clear();
        var found = Read(asked, missing);

        // A merged user is found under another id than was asked for; only a count that falls short says that one is missing.
        if (found < asked.Length)
        {
            foreach (var distinctId in asked.Where(missing.Contains))
                WriteError(Errors.ProfileNotFound(distinctId));
        }
    }

    private int Read(string[]? distinctIds, HashSet<string>? missing = null)
    {
        var found = 0;
        var pages = _query!.ReadAsync(distinctIds, StopToken).GetAsyncEnumerator(StopToken);
        try
        {
            for (var number = 1; Wait(pages.MoveNextAsync().AsTask()); number++)
            {
                var page = pages.Current;
                WriteVerbose($"Page {number}: {Errors.Count(page.Profiles.Count, "profile")}.");
                foreach (var profile in page.Profiles)
                {
                    missing?.Remove(profile.DistinctId);
                    WriteObject(_profiles.Create(profile));
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

    private bool Wait(Task<bool> page)
    {
        _pump!.Run(page, StopToken);
        return page.GetAwaiter().GetResult();
    }
}
