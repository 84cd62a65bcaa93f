using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ProfilesModule.Isolation;

namespace ProfilesModule.Binding;

/// <summary>Completes the names of columns from the header of the CSV file that the command line names.</summary>
public sealed class CsvColumnCompleter : IArgumentCompleter
{
    /// <summary>Offers the columns that begin with what was typed; none when the file cannot be read.</summary>
    /// <param name="commandName">The command.</param>
    /// <param name="parameterName">The parameter.</param>
    /// <param name="wordToComplete">What was typed.</param>
    /// <param name="commandAst">The line.</param>
    /// <param name="fakeBoundParameters">The other parameters.</param>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CommandLineFile.Offer(
            CommandLineFile.Texts(fakeBoundParameters["Header"]) is { Count: > 0 } header ? header : CommandLineFile.Names(fakeBoundParameters, file => Header(file, fakeBoundParameters)),
            wordToComplete);

    private static IReadOnlyList<string> Header(string file, IDictionary parameters)
    {
        using var reader = Dependencies.Csv.Open(file, new()
        {
            Delimiter = parameters["Delimiter"]?.ToString() is [var delimiter] ? delimiter : ',',
            SkipRows = LanguagePrimitives.TryConvertTo<int>(parameters["SkipRows"], out var skipRows) ? skipRows : 0,
            Encoding = parameters["Encoding"] is { } encoding ? EncodingNames.Find(encoding) : null,
        });
        return reader.Header;
    }
}
