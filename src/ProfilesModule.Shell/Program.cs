using System.Management.Automation;
using System.Reflection;
using System.Text;
using ProfilesModule.Shell;

var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
Console.OutputEncoding = utf8;
Console.InputEncoding = utf8;

// The engine reports the names of imported modules to Microsoft unless told not to; see about_Telemetry.
Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");

var request = CommandLine.Parse(args);
if (request.ShowHelp)
{
    Console.Out.WriteLine(CommandLine.Usage);
    return ExitCode.Success;
}

if (request.ShowVersion)
{
    var version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
    Console.Out.WriteLine($"{ShellHost.HostName} {version} (PowerShell {PSVersionInfo.PSVersion})");
    return ExitCode.Success;
}

if (request.Error is not null)
{
    Console.Error.WriteLine($"{request.Error}{Environment.NewLine}{Environment.NewLine}{CommandLine.Usage}");
    return ExitCode.Usage;
}

if (request.ScriptPath is not null && !File.Exists(request.ScriptPath))
{
    Console.Error.WriteLine($"The argument '{request.ScriptPath}' is not recognized as the name of a script file. Check the spelling of the name, or if a path was included, verify that the path is correct and try again.");
    return ExitCode.Usage;
}

if (request.ScriptPath is not null && !request.ScriptPath.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase))
{
    Console.Error.WriteLine($"Processing -File '{request.ScriptPath}' failed because the file does not have a '.ps1' extension. Specify a valid PowerShell script file name, and then try again.");
    return ExitCode.Usage;
}

ScriptRunner runner;
try
{
    runner = ScriptRunner.Open(ModuleManifest.Find(AppContext.BaseDirectory), request);
}
catch (Exception e) when (e is FileNotFoundException or RuntimeException)
{
    Console.Error.WriteLine(e.Message);

    // The thread of a runspace that failed to open would keep the process alive after a return.
    Environment.Exit(ExitCode.StartFailed);
    throw;
}

using (runner)
    return runner.Run(request);
