using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace ProfilesModule.Tests.Hosting;

/// <summary>What a run of pwsh left behind.</summary>
internal sealed record PwshResult(int ExitCode, string Output, string Errors);

/// <summary>
/// Starts pwsh as a process of its own. All its tests share a collection, because each start takes a second of a core.
/// The command of the .NET tool is a shim that starts pwsh.dll; a signal to it never reaches the script, so pwsh.dll is started directly.
/// </summary>
[Collection("pwsh")]
public abstract class PwshTest : IDisposable
{
    /// <summary>Far more than a run takes on a busy machine: only a hang reaches it.</summary>
    protected static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>The statement that a user's script begins with.</summary>
    protected static readonly string ImportModule = $"Import-Module '{Path.Combine(ModuleSession.RepositoryRoot, "ProfilesModule.psd1")}'; ";

    protected static readonly string Pwsh = Path.Combine(
        typeof(PwshTest).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "PowerShellTool").Value!,
        OperatingSystem.IsWindows() ? "win" : "unix",
        "pwsh.dll");

    /// <summary>A folder of the test's own, which is also the working directory of pwsh.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("pwsh-test-").FullName;

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What the environment of pwsh has besides the test's own.</summary>
    protected Dictionary<string, string> Variables { get; } = new() { ["NO_COLOR"] = "1" };

    /// <summary>Writes a script that has imported the module into the folder.</summary>
    /// <returns>Its file name.</returns>
    protected string Script(string text, string parameters = "")
    {
        const string Name = "script.ps1";
        File.WriteAllText(Path.Combine(Folder, Name), $"{parameters}\n{ImportModule}\n{text}");
        return Name;
    }

    /// <summary>Runs pwsh with standard input at its end.</summary>
    private protected PwshResult Run(params string[] args) => RunWithInput("", args);

    /// <summary>Runs pwsh with a text as standard input.</summary>
    private protected PwshResult RunWithInput(string input, params string[] args)
    {
        using var process = StartPwsh(args);
        try
        {
            process.StandardInput.Write(input);
        }
        catch (IOException)
        {
            // It ended without reading its input.
        }

        return Finish(process);
    }

    /// <summary>Starts pwsh with all three streams redirected.</summary>
    private protected Process StartPwsh(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Pwsh, "-NoProfile", .. args])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Ends standard input and waits for the process to end.</summary>
    private protected static PwshResult Finish(Process process)
    {
        var output = ReadToEnd(process.StandardOutput.BaseStream);
        var errors = ReadToEnd(process.StandardError.BaseStream);
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input.
        }

        if (!Task.WaitAll([process.WaitForExitAsync(), output, errors], Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"pwsh did not end within {Limit}.");
        }

        return new PwshResult(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Sends a process what Ctrl+C sends.</summary>
    private protected static void Interrupt(Process process) => Signal(process, "INT");

    /// <summary>Sends a process a signal.</summary>
    private protected static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static async Task<string> ReadToEnd(Stream stream)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return Encoding.UTF8.GetString(bytes.ToArray()).ReplaceLineEndings("\n");
    }
}
