using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ProfilesModule.Model;

namespace ProfilesModule.Binding;

/// <summary>Completes the names of the properties that the service gives a meaning to. What a project has besides is not known offline.</summary>
public sealed class ReservedPropertyCompleter : IArgumentCompleter
{
    /// <summary>Offers the names that begin with what was typed, with or without the dollar sign; to change, only those that can be changed.</summary>
    /// <param name="commandName">The command.</param>
    /// <param name="parameterName">The parameter.</param>
    /// <param name="wordToComplete">What was typed.</param>
    /// <param name="commandAst">The line.</param>
    /// <param name="fakeBoundParameters">The other parameters.</param>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        // $e without quotes is completed as a variable before anybody is asked here.
        var typed = ArgumentText.Typed(wordToComplete).TrimStart('$');
        return ReservedProperties.All
            .Where(p => p.Name.TrimStart('$').StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Where(p => !p.IsKeptByService || parameterName != nameof(Commands.SetProfileCommand.Unset))
            .Select(p => new CompletionResult(ArgumentText.Quoted(p.Name), p.Name, CompletionResultType.ParameterValue, p.Meaning));
    }
}
