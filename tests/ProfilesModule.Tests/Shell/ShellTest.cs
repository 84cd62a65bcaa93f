using System.Diagnostics;
using System.Text;
using ProfilesModule.Tests.Hosting;

namespace ProfilesModule.Tests.Shell;

/// <summary>What a run of the shell left behind. The text is decoded as UTF-8 with a byte order mark, if there was one, still in it.</summary>
internal sealed record ShellResult(int ExitCode, string Output, string Errors);

/// <summary>Starts the built shell as a child process. All its tests share a collection, because each start takes most of a second of a core.</summary>
[Collection("Shell")]
public abstract class ShellTest : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    /// <summary>Far more than a run takes on a busy machine: only a hang reaches it.</summary>
    protected static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static readonly string ShellAssembly =
        Path.Combine(ModuleSession.RepositoryRoot, "src", "ProfilesModule.Shell", "bin", Configuration, "ProfilesModule.Shell.dll");

    /// <summary>A folder of the test's own, which is also the working directory of the shell.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("shell-test-").FullName;

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes a script into the folder.</summary>
    /// <returns>Its file name.</returns>
    protected string Script(string text)
    {
        const string Name = "script.ps1";
        File.WriteAllText(Path.Combine(Folder, Name), text);
        return Name;
    }

    /// <summary>Runs the shell with standard input at its end.</summary>
    private protected ShellResult Run(params string[] args) => RunWithInput("", args);

    /// <summary>Runs the shell with a text as standard input.</summary>
    private protected ShellResult RunWithInput(string input, params string[] args)
    {
        using var process = Start("dotnet", [ShellAssembly, .. args]);
        process.StandardInput.Write(input);
        return Finish(process);
    }

    /// <summary>Runs the shell with standard error and standard output in one stream.</summary>
    private protected string RunMerged(string script)
    {
        using var process = Start("/bin/sh", ["-c", "exec dotnet \"$0\" \"$1\" 2>&1", ShellAssembly, script]);
        return Finish(process).Output;
    }

    /// <summary>Starts the shell with all three streams redirected.</summary>
    private protected Process StartShell(params string[] args) => Start("dotnet", [ShellAssembly, .. args]);

    /// <summary>Ends standard input and waits for the process to end.</summary>
    private protected static ShellResult Finish(Process process)
    {
        process.StandardInput.Close();
        var output = ReadToEnd(process.StandardOutput.BaseStream);
        var errors = ReadToEnd(process.StandardError.BaseStream);
        if (!Task.WaitAll([process.WaitForExitAsync(), output, errors], Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The shell did not end within {Limit}.");
        }

        return new ShellResult(process.ExitCode, output.Result, errors.Result);
    }

    private static async Task<string> ReadToEnd(Stream stream)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return Encoding.UTF8.GetString(bytes.ToArray()).ReplaceLineEndings("\n");
    }

    private Process Start(string program, IEnumerable<string> args) =>
        Process.Start(new ProcessStartInfo(program, args)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        })!;
}
