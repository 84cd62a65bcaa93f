using System.Management.Automation;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Delivery;

/// <summary>What is asked of a service that has a hundred thousand profiles.</summary>
public sealed class HundredThousandProfilesTests(HundredThousandProfilesTests.Service service) : IClassFixture<HundredThousandProfilesTests.Service>
{
    private const int Profiles = 100_000;
    private const int PageSize = 1000;
    private const int BatchSize = 500;

    [Theory]
    [InlineData("Get-UserProfile -First 5")]
    [InlineData("Get-UserProfile | Select-Object -First 5")]
    [InlineData("$count = 0; foreach ($once in 1) { Get-UserProfile | ForEach-Object { $count++; $_; if ($count -eq 5) { break } } }")]
    public void One_page_is_asked_for_where_five_profiles_are_wanted(string script)
    {
        var before = service.Requests;
        Assert.Equal(5, service.Session.Run(script).Succeeded().Output.Count);
        Assert.Equal(1, service.Requests - before);
    }

    [Fact]
    public async Task One_page_is_asked_for_where_the_pipeline_is_stopped_after_five_profiles()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = service.Requests;

        // The fifth profile stays where it is until the pipeline is stopped, as Ctrl+C does it.
        using var shell = service.Session.Start(
            "$count = 0; Get-UserProfile | ForEach-Object { $_; if (++$count -eq 5) { $reached.SetResult(); while ($true) { } } }", new { reached });
        using var output = new PSDataCollection<PSObject>();
        var running = shell.BeginInvoke<object, PSObject>(null, output);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(60));
        shell.Stop();
        Assert.ThrowsAny<RuntimeException>(() => shell.EndInvoke(running));
        Assert.Equal(5, output.Count);
        Assert.Equal(1, service.Requests - before);
    }

    [Fact]
    public void Every_profile_is_removed_although_pages_shift_underneath()
    {
        using var service = new Service();
        var before = service.Requests;
        var result = service.Session.Run("Get-UserProfile | Remove-UserProfile -BatchSize $size -Force; $server.ProfileCount", new { size = BatchSize });
        Assert.Equal("0", result.Succeeded().Single().ToString());

        // The total shows which page is the last, and no more are read.
        Assert.Equal((Profiles / PageSize) + (Profiles / BatchSize), service.Requests - before);
    }

    /// <summary>A session that is connected to such a service.</summary>
    public sealed class Service : IDisposable
    {
        private readonly dynamic _server;

        public Service()
        {
            using var folder = new TemporaryFolder();
            var path = folder.Write("users.csv", "distinct_id,n\n" + string.Concat(Enumerable.Range(1, Profiles).Select(i => $"user-{i},{i}\n")));
            _server = Session.Run("$server = Start-UserProfileServer; $server").Succeeded().Single();
            Assert.Equal((long)Profiles, Session.Run("Import-UserProfileCsv $path -BatchSize 2000", new { path }).Succeeded().Value("Accepted"));
        }

        internal ModuleSession Session { get; } = new();

        public long Requests => (long)_server.RequestCount;

        public void Dispose() => Session.Dispose();
    }
}
