using System.Globalization;
using System.Management.Automation;
using ProfilesModule.Canary;
using ProfilesModule.Pipeline;

namespace ProfilesModule.Commands;

/// <summary>
/// Tests that what is sent arrives. The service takes updates with a wrong token or for another region like any other and
/// stores nothing, so this writes a profile that nobody else has, the canary, reads it back, and removes it, also when the test
/// fails or is stopped. The result says which of ingestion, query and delay was the trouble, and what to do.
/// Reading takes a query at once and then after growing waits, 8 in the default time; a project has 60 an hour.
/// The test writes to the project, so it knows -WhatIf; it changes nothing that was there before, so it does not ask by default.
/// </summary>
/// <example>
/// <code>Test-UserProfileConnection</code>
/// <para>Tests the connection of the session.</para>
/// </example>
/// <example>
/// <code>if (-not (Test-UserProfileConnection -Quiet)) { exit 3 }</code>
/// <para>Ends a job before it sends anything to nowhere.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "UserProfileConnection", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(ConnectionTest), typeof(bool))]
public sealed class TestUserProfileConnectionCommand : UserProfileCommand
{
    // The removal of the canary has a little less.
    private static readonly TimeSpan StopGrace = TimeSpan.FromMilliseconds(900);

    private readonly PipelinePump _pump = new();

    /// <summary>
    /// How many seconds the canary may take to show up, 1 to 3600. Default 90: profiles were seen to take half a minute.
    /// A query that is under way at the end may take as long again.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 90;

    /// <summary>Writes $true or $false only: whether the canary was written and read.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>Runs the test.</summary>
    protected override void EndProcessing()
    {
        var connection = Service;
        if (!ShouldProcess(connection.ToString(), "Write, read and remove a canary profile"))
            return;
        var timeout = TimeSpan.FromSeconds(TimeoutSec);
        var canary = new CanaryProfile(
            connection.Transport(TimeProvider.System, forGroups: false),
            connection.CanQuery ? connection.Query(TimeProvider.System, 0, TimeSpan.Zero, _ => { }, longestAttempt: timeout) : null,
            connection.SecretToken,
            TimeProvider.System)
        {
            Timeout = timeout,
            MaximumRetryCount = MaximumRetryCount,
            RetryInterval = RetryInterval,
            Retrying = retrying => _pump.Post(() => this.WriteDetail(string.Create(
                CultureInfo.InvariantCulture, $"Update: retry {retrying.Retry} in {retrying.Delay.TotalSeconds:0.0} s, because {retrying.Reason}."))),
            Waiting = (elapsed, next) => _pump.Post(() => ShowWaiting(elapsed, next)),
        };
        var test = new ConnectionTest(connection, Run(canary), timeout);
        WriteProgress(NewProgress(TimeSpan.Zero, ProgressRecordType.Completed));
        if (test.CanaryRemoved == false)
            this.Warn($"The canary could not be removed, and may be there. Remove it with: Remove-UserProfile '{test.DistinctId}'");
        WriteObject(Quiet ? test.Succeeded : test);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _pump.Dispose();
        base.Dispose(disposing);
    }

    private CanaryResult Run(CanaryProfile canary)
    {
        var testing = Task.Run(() => canary.TestAsync(StopToken), CancellationToken.None);
        try
        {
            _pump.Run(testing, StopToken);
        }
        catch
        {
            // Stopped, or nobody wants what it says: the canary is removed all the same.
            _pump.Close();
            StopProcessing();
            Task.WaitAny([testing], StopGrace);
            throw;
        }

        return testing.GetAwaiter().GetResult();
    }

    private void ShowWaiting(TimeSpan elapsed, TimeSpan next)
    {
        this.WriteDetail(string.Create(CultureInfo.InvariantCulture, $"The canary is not there after {elapsed.TotalSeconds:0.0} s; the next look is in {next.TotalSeconds:0.0} s."));
        WriteProgress(NewProgress(elapsed, ProgressRecordType.Processing));
    }

    private ProgressRecord NewProgress(TimeSpan elapsed, ProgressRecordType type) => new(1, MyInvocation.MyCommand.Name, "Waiting for the canary to show up")
    {
        PercentComplete = (int)Math.Min(100, 100 * elapsed.TotalSeconds / TimeoutSec),
        RecordType = type,
    };
}
