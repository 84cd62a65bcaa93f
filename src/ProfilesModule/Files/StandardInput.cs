using System.Management.Automation.Host;
using System.Management.Automation.Language;
using System.Text;

namespace ProfilesModule.Files;

/// <summary>
/// The standard input of the process, read like a file. It is refused if pwsh reads it too, because each side would get only a
/// part of it: in a terminal, for commands, and for $input. The engine does not expose this, but the command line of the process does.
/// </summary>
internal static class StandardInput
{
    // Jobs and remote sessions have other hosts, and use standard input for their protocol.
    private const string HostOfConsole = "ConsoleHost";

    // The parameters of pwsh that take a value, each with the length of its shortest form (CommandLineParameterParser).
    private static readonly (string Name, int Shortest)[] ParametersWithValue =
    [
        ("configurationfile", 17), ("configurationname", 6), ("custompipename", 3), ("encodedarguments", 8), ("ea", 2), ("executionpolicy", 2), ("ep", 2),
        ("inputformat", 3), ("if", 2), ("outputformat", 1), ("of", 2), ("settingsfile", 8), ("windowstyle", 1), ("workingdirectory", 2), ("wd", 2),
    ];

    /// <summary>Opens standard input; null if the terminal or the host uses it.</summary>
    public static Stream? Open(PSHost host) =>
        host.Name == HostOfConsole && Console.IsInputRedirected && Script(Environment.GetCommandLineArgs().AsSpan(1)) is { } script && !UsesInput(script)
            ? Console.OpenStandardInput()
            : null;

    /// <summary>The script that the arguments of pwsh name; null if pwsh reads commands from standard input.</summary>
    private static ScriptBlockAst? Script(ReadOnlySpan<string> args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var rest = args[(i + 1)..];
            if (args[i] is not ['-' or '/', ..] || args[i].Length == 1)
                return File(args[i..]);
            var name = args[i].TrimStart('-', '/');
            if (Is(name, "file", 1))
                return File(rest);
            if (name.Equals("commandwithargs", StringComparison.OrdinalIgnoreCase) || Is(name, "cwa", 3))
                return Command(rest is [var command, ..] ? command : "-");
            if (Is(name, "command", 1))
                return Command(string.Join(' ', rest.ToArray()));
            if (Is(name, "encodedcommand", 1) || Is(name, "ec", 2))
                return Command(rest is [var encoded, ..] ? Encoding.Unicode.GetString(Convert.FromBase64String(encoded)) : "-");
            if (ParametersWithValue.Any(parameter => Is(name, parameter.Name, parameter.Shortest)))
                i++;
        }

        return null;
    }

    private static bool Is(string name, string parameter, int shortest) =>
        name.Length >= shortest && parameter.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    private static ScriptBlockAst? File(ReadOnlySpan<string> args) =>
        args is [not "-", ..] && System.IO.File.Exists(args[0]) ? Parser.ParseFile(System.IO.Path.GetFullPath(args[0]), out _, out _) : null;

    private static ScriptBlockAst? Command(string text) => text is "-" or "" ? null : Parser.ParseInput(text, out _, out _);

    private static bool UsesInput(ScriptBlockAst script) =>
        script.Find(ast => ast is VariableExpressionAst { VariablePath: { IsVariable: true, UserPath: var name } } && name.Equals("input", StringComparison.OrdinalIgnoreCase), searchNestedScriptBlocks: false) is not null;
}
