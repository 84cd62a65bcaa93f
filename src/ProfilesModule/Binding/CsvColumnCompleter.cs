using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;
using ProfilesModule.Isolation;

namespace ProfilesModule.Binding;

/// <summary>Completes the names of columns from the header of the CSV file that the command line names.</summary>
public sealed class CsvColumnCompleter : IArgumentCompleter
{
    // A path of the command line is one of PowerShell's, relative to its own location.
    private const string ResolvePath = "param($path) $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($path)";

    /// <summary>Offers the columns that begin with what was typed; none when the file cannot be read.</summary>
    /// <param name="commandName">The command.</param>
    /// <param name="parameterName">The parameter.</param>
    /// <param name="wordToComplete">What was typed.</param>
    /// <param name="commandAst">The line.</param>
    /// <param name="fakeBoundParameters">The other parameters.</param>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = wordToComplete.Trim('\'', '"');
        return [.. Header(fakeBoundParameters)
            .Where(column => column.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(column => new CompletionResult(Quoted(column), column, CompletionResultType.ParameterValue, column))];
    }

    private static IReadOnlyList<string> Header(IDictionary parameters)
    {
        var path = (parameters["LiteralPath"] ?? parameters["Path"]) switch
        {
            IList { Count: > 0 } list => list[0]?.ToString(),
            var single => single?.ToString(),
        };
        if (path is null)
            return [];
        try
        {
            using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
            var file = shell.AddScript(ResolvePath).AddArgument(path).Invoke<string>().FirstOrDefault() ?? path;
            using var reader = Dependencies.Csv.Open(file, new()
            {
                Delimiter = parameters["Delimiter"]?.ToString() is [var delimiter] ? delimiter : ',',
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

    private static string Quoted(string column) =>
        column.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? column : $"'{CodeGeneration.EscapeSingleQuotedStringContent(column)}'";
}
