using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Clients;

/// <summary>A copy of a folder of tests/Clients with packages of npm.</summary>
/// <param name="name">The name of the folder.</param>
internal sealed partial class NodeProject(string name) : IDisposable
{
    /// <summary>Far more than it takes: only a hang reaches it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    /// <summary>The path of a file of the folder.</summary>
    public string File(string file) => _folder.File(file);

    public void Dispose() => _folder.Dispose();

    /// <summary>Installs the packages as the lock file says. Where that is not possible the test is skipped, and says why.</summary>
    public async Task Install()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(ModuleSession.RepositoryRoot, "tests", "Clients", name)))
            System.IO.File.Copy(file, _folder.File(Path.GetFileName(file)));
        var npm = await Run(
            OperatingSystem.IsWindows() ? "npm.cmd" : "npm",
            "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier",
            "--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000");
        var code = ErrorCode().Match(npm.Errors).Groups[1].Value;
        Skip.If(Unreachable().IsMatch(code), $"npm cannot reach its registry ({code}), and its cache does not have the packages.");
        Assert.True(npm.ExitCode == 0, npm.Errors);
    }

    /// <summary>Runs a program in the folder. Where it cannot be started the test is skipped, and says why.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (program == "node")
        {
            // The client would send to a proxy what is meant for this machine.
            string[] variables = [.. start.Environment.Keys];
            foreach (var proxy in variables.Where(variable => variable.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase)))
                start.Environment.Remove(proxy);
        }

        Process? process = null;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            Skip.If(true, $"{program} cannot be started: {e.Message}");
        }

        using (process!)
        {
            var output = process!.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            try
            {
                await process.WaitForExitAsync().WaitAsync(Limit);
            }
            catch (TimeoutException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            return (process.ExitCode, (await output).ReplaceLineEndings("\n"), await errors);
        }
    }

    [GeneratedRegex(@"^npm (?:error|ERR!) code (\S+)", RegexOptions.Multiline)]
    private static partial Regex ErrorCode();

    [GeneratedRegex(@"^(EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTCACHED|ENOTFOUND|ERR_SOCKET_TIMEOUT|ETIMEDOUT|E5\d\d)$")]
    private static partial Regex Unreachable();
}
