using System.Globalization;

namespace ProfilesModule.Benchmarks.EndToEnd;

/// <summary>What the user asked for.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        Usage: dotnet run -c Release --project benchmarks/ProfilesModule.EndToEnd -- [case…] [--rows N] [--runs N]

          --rows N  How many rows stand for the million of the targets. Default 1000000; targets are for that.
          --runs N  How often each program runs, in turn with the others; the median counts. Default 5.

        The table goes to standard output, what happens meanwhile to standard error. The exit code is 1 when a target is
        missed. Cases; all without any:

        """;

    /// <summary>The names of the cases to run; all when there are none.</summary>
    public IReadOnlyList<string> Cases { get; private init; } = [];

    /// <summary>How many rows stand for a million.</summary>
    public int Rows { get; private init; } = 1_000_000;

    /// <summary>How often each program runs.</summary>
    public int Runs { get; private init; } = 5;

    /// <summary>What is wrong with the command line; null when nothing is.</summary>
    public string? Error { get; private init; }

    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var options = new CommandLine();
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                options = options with { Cases = [.. options.Cases, args[i]] };
                continue;
            }

            var (name, value) = (args[i], ++i < args.Count ? args[i] : "");
            var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) && parsed > 0 ? parsed : 0;
            options = name switch
            {
                "--rows" when number >= 10 => options with { Rows = number },
                "--runs" when number > 0 => options with { Runs = number },
                _ => options with { Error = $"'{name} {value}' makes no sense." },
            };
        }

        return options;
    }
}
