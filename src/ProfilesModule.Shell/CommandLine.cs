using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;

namespace ProfilesModule.Shell;

/// <summary>What the user asked the shell to do. The switches, their abbreviations and the way a script's arguments are read are those of pwsh.</summary>
internal sealed record CommandLine
{
    /// <summary>The usage text, as <c>-Help</c> prints it.</summary>
    public const string Usage = """
        Usage: ProfilesModule.Shell [-NoProfile] [-NoLogo] [-NonInteractive] [-ExecutionPolicy <policy>]
                                    { [-File] <script.ps1> [arguments] | -Command { <command> | - } }
               ProfilesModule.Shell -Help | -Version

        Runs a script or a command on the PowerShell engine with ProfilesModule imported, and ends with
        its exit code. There is no interactive prompt: without a script or a command it prints this text
        and ends with exit code 64.

          -File, -f <script.ps1>  Runs a script; what follows it goes to the script. -File may be left out.
          -Command, -c <command>  Runs the rest of the command line; '-' reads the commands from standard input.
                                  Import-UserProfileCsv - reads rows from there, unless commands are.
          -NonInteractive, -noni  Makes every prompt an error.
          -NoProfile, -NoLogo     Accepted and without effect: no profile is read and no logo is shown.
          -ExecutionPolicy, -ep   The policy for this run. It has an effect on Windows only.
          -Version, -v            Prints the versions of this shell and of the engine.
          -Help, -h, -?           Prints this text.
        """;

    /// <summary>The script to run, as it was typed.</summary>
    public string? ScriptPath { get; init; }

    /// <summary>The arguments of the script, in order.</summary>
    public IReadOnlyList<CommandParameter> ScriptArguments { get; init; } = [];

    /// <summary>The command text to run.</summary>
    public string? Command { get; init; }

    /// <summary>The command text is to be read from standard input.</summary>
    public bool ReadsStandardInput { get; init; }

    /// <summary>Every prompt is an error.</summary>
    public bool NonInteractive { get; init; }

    /// <summary>The execution policy for this run, or null for the machine's own.</summary>
    public ExecutionPolicy? ExecutionPolicy { get; init; }

    /// <summary>The usage was asked for.</summary>
    public bool ShowHelp { get; init; }

    /// <summary>The version was asked for.</summary>
    public bool ShowVersion { get; init; }

    /// <summary>What is wrong with the command line, or null if nothing is.</summary>
    public string? Error { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <param name="args">The arguments of the process.</param>
    /// <returns>The request; a command line that makes no sense has its <see cref="Error"/> set.</returns>
    public static CommandLine Parse(ReadOnlySpan<string> args)
    {
        var request = new CommandLine();
        for (var i = 0; i < args.Length; i++)
        {
            var rest = args[(i + 1)..];
            switch (SwitchOf(args[i]))
            {
                case null:
                    return request.WithScript(args[i..]);
                case "file":
                    return request.WithScript(rest);
                case "command":
                    return request.WithCommand(rest);
                case "help":
                    return request with { ShowHelp = true };
                case "version":
                    return request with { ShowVersion = true };
                case "noninteractive":
                    request = request with { NonInteractive = true };
                    break;
                case "noprofile" or "nologo":
                    break;
                case "executionpolicy" when rest.IsEmpty:
                    return request with { Error = "A policy must follow -ExecutionPolicy." };
                case "executionpolicy" when Enum.TryParse<ExecutionPolicy>(rest[0], ignoreCase: true, out var policy) && Enum.IsDefined(policy):
                    request = request with { ExecutionPolicy = policy };
                    i++;
                    break;
                case "executionpolicy":
                    return request with { Error = $"Invalid ExecutionPolicy value '{rest[0]}'." };
                default:
                    return request with { Error = $"Unrecognized parameter: '{args[i]}'." };
            }
        }

        return request with { Error = "A script or a command is required." };
    }

    /// <summary>The full name of a switch, "" for one that does not exist, or null for an argument that is no switch.</summary>
    private static string? SwitchOf(string argument)
    {
        if (argument == "/?")
            return "help";

        if (argument is not ['-', .., _])
            return null;

        var name = argument[(argument.StartsWith("--", StringComparison.Ordinal) ? 2 : 1)..];
        return name.ToUpperInvariant() switch
        {
            "EP" => "executionpolicy",
            "?" => "help",
            _ => Matches("file", 1) ?? Matches("command", 1) ?? Matches("help", 1) ?? Matches("version", 1) ?? Matches("noprofile", 3)
                ?? Matches("nologo", 3) ?? Matches("noninteractive", 4) ?? Matches("executionpolicy", 2) ?? "",
        };

        string? Matches(string fullName, int shortest) =>
            name.Length >= shortest && fullName.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? fullName : null;
    }

    private CommandLine WithScript(ReadOnlySpan<string> args) => args switch
    {
        [] => this with { Error = "A script file must follow -File." },
        ["-", ..] => this with { ReadsStandardInput = true },
        _ => this with { ScriptPath = args[0], ScriptArguments = ReadScriptArguments(args[1..]) },
    };

    private CommandLine WithCommand(ReadOnlySpan<string> args) => args switch
    {
        [] => this with { Error = "A command must follow -Command." },
        ["-"] => this with { ReadsStandardInput = true },
        ["-", ..] => this with { Error = "'-' was specified with the -Command parameter; no other arguments to -Command are permitted." },
        _ => this with { Command = string.Join(' ', args) },
    };

    /// <summary>Tells names from values: <c>-Name value</c>, <c>-Name: value</c>, <c>-Switch</c>, <c>-Switch:$false</c>, <c>value</c>.</summary>
    private static List<CommandParameter> ReadScriptArguments(ReadOnlySpan<string> args)
    {
        var parameters = new List<CommandParameter>();
        string? nameAwaitingValue = null;
        foreach (var arg in args)
        {
            if (nameAwaitingValue is not null)
            {
                parameters.Add(new CommandParameter(nameAwaitingValue, arg));
                nameAwaitingValue = null;
            }
            else if (arg is not ['-', _, ..])
            {
                parameters.Add(new CommandParameter(null, arg));
            }
            else if (arg.IndexOf(':') is var colon && colon < 0)
            {
                // The engine binds the value after it, as it knows which parameters are switches.
                parameters.Add(new CommandParameter(arg));
            }
            else if (colon == arg.Length - 1)
            {
                nameAwaitingValue = arg[..colon];
            }
            else
            {
                parameters.Add(new CommandParameter(arg[..colon], BooleanOrText(arg[(colon + 1)..])));
            }
        }

        return parameters;
    }

    private static object BooleanOrText(string value) => bool.TryParse(value.AsSpan(value[0] == '$' ? 1 : 0), out var boolean) ? boolean : value;
}
