using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ProfilesModule.Binding;

/// <summary>Completes regions, by code or by name, and says what each is.</summary>
/// <remarks>For a parameter that is text: PowerShell completes one that is an enum itself, and asks nobody else.</remarks>
public sealed class RegionCompleter : IArgumentCompleter
{
    /// <summary>Offers the codes of the regions whose code or name begins with what was typed.</summary>
    /// <param name="commandName">The command.</param>
    /// <param name="parameterName">The parameter.</param>
    /// <param name="wordToComplete">What was typed.</param>
    /// <param name="commandAst">The line.</param>
    /// <param name="fakeBoundParameters">The other parameters.</param>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = wordToComplete.Trim('\'', '"');
        return RegionNames.All
            .Where(r => Begins(r.Region.ToString()) || Begins(r.Name))
            .Select(r => new CompletionResult(
                r.Region.ToString(), r.Region.ToString(), CompletionResultType.ParameterValue, $"{r.Name}: updates to {r.IngestionHost}, queries to {r.QueryHost}"));

        bool Begins(string name) => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase);
    }
}
