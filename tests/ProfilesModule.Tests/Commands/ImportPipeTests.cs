using System.Diagnostics;
using System.Management.Automation;
using System.Text;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Commands;

/// <summary>Imports of named pipes, which can be read only once, as standard input.</summary>
public sealed class ImportPipeTests : ConnectedTests
{
    [UnixFact]
    public async Task No_row_of_a_pipe_is_lost_however_often_it_is_looked_at()
    {
        var path = MakePipe();
        var writing = Write(path, "title\n");
        var result = Session.Run("Import-UserProfileCsv $path -SkipRows 1 -Header distinct_id, n -InferType", new { path }).Succeeded();
        await writing;
        Assert.Equal((50_000L, 50_000L), (result.Value("Read"), result.Value("Accepted")));
        Assert.All(Service.Profiles, p => Assert.Equal(p.Key, p.Value.GetProperty("n").GetRawText()));
        Assert.All(result.Progress.SkipLast(1), p => Assert.Equal(-1, p.PercentComplete));
    }

    [UnixFact]
    public async Task The_reject_file_of_an_import_that_ends_early_has_the_rest_of_a_pipe()
    {
        var path = MakePipe();
        Service.Answer = (number, _) => Task.FromResult<(int, string)?>(number > 3 ? (401, "no") : null);
        var writing = Write(path, "distinct_id,n\n");
        var rejects = Folder.File("bad.csv");
        var result = Session.Run("Import-UserProfileCsv $path -RejectPath $rejects", new { path, rejects });
        await writing;
        Assert.Equal(50_000, (long)result.Value("Accepted")! + File.ReadLines(rejects).Count() - 1);
    }

    [UnixTheory]
    [InlineData("-JournalPath $journal")]
    [InlineData("-JournalPath $journal -Resume")]
    [InlineData("-Unique")]
    [InlineData("-Confirm")]
    public async Task What_would_be_read_twice_is_refused_and_sends_nothing(string parameters)
    {
        var path = MakePipe();
        var writing = Task.Run(() => new FileStream(path, FileMode.Open, FileAccess.Write).Dispose());
        var result = Session.Run($"Import-UserProfileCsv $path {parameters}", new { path, journal = Folder.File("j") });
        await writing;
        Assert.StartsWith("ReadOnlyOnce,", Assert.Single(result.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal((2, 0), (result.Value("ExitCode"), Service.Requests));
    }

    [UnixTheory]
    [InlineData("")]
    [InlineData("distinct_id,n\n1,2\n")]
    public async Task An_import_that_waits_for_a_pipe_can_be_stopped(string written)
    {
        var path = MakePipe();
        using var shell = Session.Start("Import-UserProfileCsv $path", new { path });
        var running = shell.BeginInvoke();
        await using var pipe = await Task.Run(() => new FileStream(path, FileMode.Open, FileAccess.Write));
        await pipe.WriteAsync(Encoding.UTF8.GetBytes(written));
        await pipe.FlushAsync();
        await Task.Run(shell.Stop).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.ThrowsAny<RuntimeException>(() => shell.EndInvoke(running));
    }

    /// <summary>Writes the first line and 50,000 rows. To open a pipe waits for its reader.</summary>
    private static Task Write(string path, string firstLine) => Task.Run(() =>
    {
        using var pipe = new FileStream(path, FileMode.Open, FileAccess.Write);
        pipe.Write(Encoding.UTF8.GetBytes(firstLine + string.Concat(Enumerable.Range(1, 50_000).Select(i => $"{i},{i}\n"))));
    });

    private string MakePipe()
    {
        var path = Folder.File("pipe");
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        return path;
    }
}
