using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;
using ProfilesModule.Isolation;

namespace ProfilesModule.Binding;

/// <summary>Completes the names of columns from the header of the CSV file that the command line names.</summary>
public sealed class CsvColumnCompleter : IArgumentCompleter
{
    // A path of the command line is one of PowerShell's, relative to its own location. Of several files the first is read.
    private const string ResolvePath = """
        param($path, $hasWildcards)
        $paths = $ExecutionContext.SessionState.Path
        if ($hasWildcards) { $paths.GetResolvedProviderPathFromPSPath($path, [ref] $null) } else { $paths.GetUnresolvedProviderPathFromPSPath($path) }
        """;

    /// <summary>Offers the columns that begin with what was typed; none when the file cannot be read.</summary>
    /// <param name="commandName">The command.</param>
    /// <param name="parameterName">The parameter.</param>
    /// <param name="wordToComplete">What was typed.</param>
    /// <param name="commandAst">The line.</param>
    /// <param name="fakeBoundParameters">The other parameters.</param>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = ArgumentText.Typed(wordToComplete);
        return [.. Header(fakeBoundParameters)
            .Where(column => column.Length > 0 && column.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(column => new CompletionResult(ArgumentText.Quoted(column), column, CompletionResultType.ParameterValue, column))];
    }

    private static IReadOnlyList<string> Header(IDictionary parameters)
    {
        if (Texts(parameters["Header"]) is { Count: > 0 } header)
            return header;
        if (Texts(parameters["LiteralPath"] ?? parameters["Path"]) is not [var path, ..])
            return [];
        try
        {
            using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
            var file = shell.AddScript(ResolvePath).AddArgument(path).AddArgument(parameters["LiteralPath"] is null).Invoke<string>().FirstOrDefault() ?? path;
            using var reader = Dependencies.Csv.Open(file, new()
            {
                Delimiter = parameters["Delimiter"]?.ToString() is [var delimiter] ? delimiter : ',',
                SkipRows = LanguagePrimitives.TryConvertTo<int>(parameters["SkipRows"], out var skipRows) ? skipRows : 0,
                Encoding = parameters["Encoding"] is { } encoding ? EncodingNames.Find(encoding) : null,
            });
            return reader.Header;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException or DecoderFallbackException or RuntimeException)
        {
            // Completion is an offer; what is wrong with the file is said when the command runs.
            return [];
        }
    }

    private static IReadOnlyList<string> Texts(object? argument) => argument switch
    {
        null => [],
        IList list => [.. list.Cast<object?>().Select(item => item?.ToString() ?? "")],
        var single => [single.ToString() ?? ""],
    };
}
