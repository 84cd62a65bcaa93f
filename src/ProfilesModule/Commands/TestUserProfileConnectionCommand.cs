using System.Globalization;
using System.Management.Automation;
using ProfilesModule.Canary;
using ProfilesModule.Pipeline;

namespace ProfilesModule.Commands;

/// <summary>
/// Tests whether updates reach the project. The service accepts updates with a wrong token or in the wrong region and discards
/// them without an error. Therefore, the command writes a new profile, the canary, reads it back and removes it, even if the test
/// fails or is stopped. The result says whether ingestion, queries or the delay is the problem, and what to do.
/// The test queries the canary at once and then at growing intervals, 8 times in the default time; a project has 60 queries an
/// hour. The test supports -WhatIf because it writes to the project. It does not ask for confirmation by default, because it does
/// not change existing profiles.
/// </summary>
/// <example>
/// <code>Test-UserProfileConnection</code>
/// <para>Tests the connection of the session.</para>
/// </example>
/// <example>
/// <code>if (-not (Test-UserProfileConnection -Quiet)) { exit 3 }</code>
/// <para>Ends a job before it sends updates that would be discarded.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "UserProfileConnection", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(ConnectionTest), typeof(bool))]
public sealed class TestUserProfileConnectionCommand : UserProfileCommand
{
    // The removal of the canary has a slightly shorter time-out.
    private static readonly TimeSpan StopGrace = TimeSpan.FromMilliseconds(900);

    private readonly PipelinePump _pump = new();

    /// <summary>
    /// How many seconds to wait for the canary, 1 to 3600. Default 90. Profiles usually take up to half a minute. A query that is
    /// running at the end can take the same time again.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 90;

    /// <summary>Writes only $true or $false: whether the canary was written and read.</summary>
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
            Retrying = retrying => _pump.Post(() => this.WriteDetail($"Update: {retrying}")),
            Waiting = (elapsed, next) => _pump.Post(() => ShowWaiting(elapsed, next)),
        };
        var test = new ConnectionTest(connection, Run(canary), timeout);
        WriteProgress(NewProgress(TimeSpan.Zero, ProgressRecordType.Completed));
        if (test.RemovalWarning is { } warning)
            this.Warn(warning);
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
            // Stopped, also by an error: the canary must still be removed.
            _pump.Close();
            StopProcessing();
            Task.WaitAny([testing], StopGrace);
            throw;
        }

        return testing.GetAwaiter().GetResult();
    }

    private void ShowWaiting(TimeSpan elapsed, TimeSpan next)
    {
        this.WriteDetail(string.Create(
            CultureInfo.InvariantCulture,
            $"The canary was not found after {elapsed.TotalSeconds:0.0} s. The next query is in {next.TotalSeconds:0.0} s."));
        WriteProgress(NewProgress(elapsed, ProgressRecordType.Processing));
    }

    private ProgressRecord NewProgress(TimeSpan elapsed, ProgressRecordType type) =>
        new(1, MyInvocation.MyCommand.Name, "Waiting for the canary")
        {
            PercentComplete = (int)Math.Min(100, 100 * elapsed.TotalSeconds / TimeoutSec),
            RecordType = type,
        };
}
