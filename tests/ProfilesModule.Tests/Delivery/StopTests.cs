using System.Diagnostics;
using System.Management.Automation;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>A stopped pipeline (Ctrl+C) in every state that a delivery can wait in.</summary>
public sealed class StopTests : ConnectedTests
{
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData("Import-UserProfileCsv $path -BatchSize 10")]
    [InlineData("Import-UserProfileCsv $path -BatchSize 10 -JournalPath $journal -RejectPath $rejects -LogPath $log")]
    [InlineData("Import-UserProfileCsv $path -BatchSize 10 -Operation Add -JournalPath $journal")]
    [InlineData("1..100000 | ForEach-Object { @{ distinct_id = \"$_\" } } | Set-UserProfile -BatchSize 10")]
    [InlineData("1..100000 | Remove-UserProfile -BatchSize 10 -Force")]
    public async Task While_the_service_stalls_and_the_input_waits(string script)
    {
        Service.Answer = async (number, _) =>
        {
            if (number == 4)
                _reached.TrySetResult();
            await Task.Delay(Timeout.Infinite);
            return null;
        };
        await StopsInTime(script);
        Assert.Equal(4, Service.Requests);
    }

    [Theory]
    [InlineData("Import-UserProfileCsv $path -BatchSize 10 -MaxConcurrency 1")]
    [InlineData("1..100000 | ForEach-Object { @{ distinct_id = \"$_\" } } | Set-UserProfile -BatchSize 10 -MaxConcurrency 1")]
    public async Task While_it_waits_for_the_next_attempt(string script)
    {
        Service.Answer = (_, _) =>
        {
            _reached.TrySetResult();
            return Task.FromResult<(int, string)?>((503, "busy"));
        };
        await StopsInTime(script + " -RetryIntervalSec 60");
        Assert.Equal(1, Service.Requests);
    }

    [Theory]
    [InlineData("Import-UserProfileCsv $path -BatchSize 10")]
    [InlineData("Import-UserProfileCsv $path -BatchSize 10 -JournalPath $journal -RejectPath $rejects")]
    [InlineData("1..100000 | ForEach-Object { @{ distinct_id = \"$_\" } } | Set-UserProfile -BatchSize 10")]
    public async Task While_the_service_asked_everybody_to_wait(string script)
    {
        Service.RetryAfter = 60;
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>((429, "slower"));
        await StopsInTime(script + " -Verbose", " 60.0 s");
        Assert.InRange(Service.Requests, 1, 4);
    }

    [Theory]
    [InlineData("Import-UserProfileCsv $path -MaxUpdatesPerSecond 1")]
    [InlineData("Import-UserProfileCsv $path -MaxUpdatesPerSecond 1 -JournalPath $journal")]
    public async Task While_it_may_not_send_more_this_second(string script)
    {
        await StopsInTime(script + " -Verbose", "Batch 1: ");
        Assert.InRange(Service.Requests, 1, 3);
    }

    [Fact]
    public async Task While_it_reads_on_to_keep_the_rows_that_are_not_sent()
    {
        Service.Answer = (_, _) => Task.FromResult<(int, string)?>((401, "no"));
        var rejects = Folder.File("bad.csv");
        using var waiting = new CancellationTokenSource();
        _ = Task.Run(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
            while (await timer.WaitForNextTickAsync(waiting.Token))
            {
                if (new FileInfo(rejects) is { Exists: true, Length: > 1 << 20 })
                    _reached.TrySetResult();
            }
        });
        await StopsInTime("Import-UserProfileCsv $path -RejectPath $rejects", rows: 3_000_000);
        await waiting.CancelAsync();
        Assert.InRange(File.ReadLines(rejects).LongCount(), 2, 3_000_000);
        Assert.EndsWith("\n", File.ReadAllText(rejects), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-UserProfile")]
    [InlineData("Export-UserProfileCsv $path")]
    [InlineData("Remove-UserProfile -Where 'true' -Force")]
    public async Task While_a_page_of_profiles_does_not_come(string script)
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        Session.Run("Connect-UserProfileService -Token $token -Endpoint $endpoint", new { token = "t", endpoint = new Uri($"http://{listener.LocalEndpoint}/") }).Succeeded();
        var accepting = listener.AcceptTcpClientAsync();
        _ = accepting.ContinueWith(_ => _reached.TrySetResult(), TaskScheduler.Default);
        await StopsInTime(script);
        (await accepting).Dispose();
    }

    private async Task StopsInTime(string script, string? reachedWith = null, int rows = 100_000)
    {
        var path = Folder.Write("a.csv", "distinct_id,v\n" + string.Concat(Enumerable.Range(1, rows).Select(i => $"{i},{i}\n")));
        using var shell = Session.Start(script, new { path, journal = Folder.File("j"), rejects = Folder.File("bad.csv"), log = Folder.File("log") });
        shell.Streams.Verbose.DataAdded += (_, added) =>
        {
            if (reachedWith is not null && shell.Streams.Verbose[added.Index].Message.Contains(reachedWith, StringComparison.Ordinal))
                _reached.TrySetResult();
        };
        var running = shell.BeginInvoke();
        await _reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var watch = Stopwatch.StartNew();
        shell.Stop();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Allowed);
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.ThrowsAny<RuntimeException>(() => shell.EndInvoke(running));

        // No task was left behind: nothing is sent once the pipeline has stopped, not even by a later command's time.
        var sent = Service.Requests;
        Session.Run("Get-UserProfileConnection").Succeeded();
        Assert.Equal(sent, Service.Requests);
    }
}
