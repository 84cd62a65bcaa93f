using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ProfilesModule.Binding;

/// <summary>Completes a value that is one of a list, by its beginning or by a word in what it means.</summary>
public abstract class ListedValueCompleter : IArgumentCompleter
{
    /// <summary>Offers the values that begin with what was typed; without any, those whose meaning has it.</summary>
    /// <param name="commandName">The command.</param>
    /// <param name="parameterName">The parameter.</param>
    /// <param name="wordToComplete">What was typed.</param>
    /// <param name="commandAst">The line.</param>
    /// <param name="fakeBoundParameters">The other parameters.</param>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var typed = ArgumentText.Typed(wordToComplete);
        var values = Values.ToArray();
        var matching = values.Where(v => v.Value.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).ToArray();
        return (matching.Length > 0 ? matching : values.Where(v => v.Meaning.Contains(typed, StringComparison.OrdinalIgnoreCase)))
            .Select(v => new CompletionResult(v.Text, v.Value, CompletionResultType.ParameterValue, v.Meaning));
    }

    /// <summary>The values, each as text of a command line, by itself, and with what it means.</summary>
    private protected abstract IEnumerable<(string Text, string Value, string Meaning)> Values { get; }
}

/// <summary>Completes the delimiters that files usually have.</summary>
public sealed class DelimiterCompleter : ListedValueCompleter
{
    private protected override IEnumerable<(string Text, string Value, string Meaning)> Values =>
        [("','", ",", "comma"), ("';'", ";", "semicolon"), ("\"`t\"", "`t", "tab"), ("'|'", "|", "vertical bar")];
}

/// <summary>Completes the names of cultures.</summary>
public sealed class CultureCompleter : ListedValueCompleter
{
    private protected override IEnumerable<(string Text, string Value, string Meaning)> Values =>
        CultureInfo.GetCultures(CultureTypes.AllCultures).Where(c => c.Name.Length > 0).OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => (c.Name, c.Name, c.EnglishName));
}

/// <summary>Completes the ids of time zones.</summary>
public sealed class TimeZoneCompleter : ListedValueCompleter
{
    private protected override IEnumerable<(string Text, string Value, string Meaning)> Values =>
        TimeZoneInfo.GetSystemTimeZones().OrderBy(z => z.Id, StringComparer.Ordinal)
            .Select(z => (z.Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-') ? z.Id : ArgumentText.Quoted(z.Id), z.Id, $"{z.Id}: {z.DisplayName}"));
}

/// <summary>Completes the addresses of the servers that run in this session.</summary>
public sealed class ServerEndpointCompleter : ListedValueCompleter
{
    private protected override IEnumerable<(string Text, string Value, string Meaning)> Values =>
        ModuleState.Current.Servers.Select(s => (s.Endpoint.ToString(), s.Endpoint.ToString(), $"{s.ProfileCount} profiles, {s.Path ?? "in memory"}"));
}
