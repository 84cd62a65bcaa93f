using System.Collections;
using System.Management.Automation;
using System.Text;

namespace ProfilesModule.Binding;

/// <summary>The file that a command line names, for completion.</summary>
internal static class CommandLineFile
{
    // A path of the command line is one of PowerShell's, relative to its own location. Of several files the first is read.
    private const string ResolvePath = """
        param($path, $hasWildcards)
        $paths = $ExecutionContext.SessionState.Path
        if ($hasWildcards) { $paths.GetResolvedProviderPathFromPSPath($path, [ref] $null) } else { $paths.GetUnresolvedProviderPathFromPSPath($path) }
        """;

    /// <summary>Reads names from the file that -Path or -LiteralPath names; none when it cannot be read: what is wrong with it is said when the command runs.</summary>
    /// <param name="parameters">The parameters of the line.</param>
    /// <param name="read">Reads the names from the file of this path.</param>
    public static IReadOnlyList<string> Names(IDictionary parameters, Func<string, IReadOnlyList<string>> read)
    {
        if (Texts(parameters["LiteralPath"] ?? parameters["Path"]) is not [var path, ..])
            return [];
        try
        {
            using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
            return read(shell.AddScript(ResolvePath).AddArgument(path).AddArgument(parameters["LiteralPath"] is null).Invoke<string>().FirstOrDefault() ?? path);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException or DecoderFallbackException or RuntimeException)
        {
            return [];
        }
    }

    /// <summary>Those of some names that begin with what was typed, as they must be written.</summary>
    /// <param name="names">The names.</param>
    /// <param name="wordToComplete">What was typed.</param>
    public static IEnumerable<CompletionResult> Offer(IReadOnlyList<string> names, string wordToComplete)
    {
        var typed = ArgumentText.Typed(wordToComplete);
        return [.. names
            .Where(name => name.Length > 0 && name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(ArgumentText.Quoted(name), name, CompletionResultType.ParameterValue, name))];
    }

    /// <summary>The texts of an argument, which may be a list.</summary>
    public static IReadOnlyList<string> Texts(object? argument) => argument switch
    {
        null => [],
        IList list => [.. list.Cast<object?>().Select(item => item?.ToString() ?? "")],
        var single => [single.ToString() ?? ""],
    };
}
