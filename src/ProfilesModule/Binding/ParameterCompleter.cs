using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using ProfilesModule.Model;

namespace ProfilesModule.Binding;

/// <summary>The base of the completers.</summary>
public abstract class ParameterCompleter : IArgumentCompleter
{
    /// <summary>Completes an argument.</summary>
    /// <param name="commandName">The command.</param>
    /// <param name="parameterName">The parameter.</param>
    /// <param name="wordToComplete">The text that was typed.</param>
    /// <param name="commandAst">The command line.</param>
    /// <param name="fakeBoundParameters">The other parameters.</param>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Complete(commandName, wordToComplete.Trim('\'', '"'), parameterName, fakeBoundParameters);

    /// <summary>Completes an argument.</summary>
    /// <param name="command">The command.</param>
    /// <param name="typed">The text that was typed, without quotes.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="parameters">The other parameters.</param>
    private protected abstract IEnumerable<CompletionResult> Complete(
        string command, string typed, string parameter, IDictionary parameters);

    /// <summary>A value as it must be typed. Single quotes, because <c>$email</c> would be a variable, even in double quotes.</summary>
    private protected static string Quoted(string value) =>
        value.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? value : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";
}

/// <summary>Completes the names of the properties that the service reserves. Other properties of a project are not known offline.</summary>
public sealed class ReservedPropertyCompleter : ParameterCompleter
{
    // Names complete with or without the dollar sign: $e without quotes completes as a variable, and this is never called.
    private protected override IEnumerable<CompletionResult> Complete(
        string command, string typed, string parameter, IDictionary parameters) =>
        ReservedProperties.All.Where(p => p.Name.TrimStart('$').StartsWith(typed.TrimStart('$'), StringComparison.OrdinalIgnoreCase))
        .Where(p => !p.IsKeptByService || parameter != nameof(Commands.SetProfileCommand.Unset))
        .Select(p => new CompletionResult(Quoted(p.Name), p.Name, CompletionResultType.ParameterValue, p.Meaning));
}

/// <summary>
/// Completes a value from a list: those that begin with the typed text, or if there are none, those with a description that
/// contains it.
/// </summary>
public abstract class ListedValueCompleter : ParameterCompleter
{
    private protected override IEnumerable<CompletionResult> Complete(
        string command, string typed, string parameter, IDictionary parameters)
    {
        var values = Values.ToArray();
        var matching = values.Where(v => v.Value.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).ToArray();
        return (matching.Length > 0 ? matching : values.Where(v => v.Meaning.Contains(typed, StringComparison.OrdinalIgnoreCase)))
            .Select(v => new CompletionResult(v.Text, v.Value, CompletionResultType.ParameterValue, v.Meaning));
    }

    /// <summary>The values, each as it must be typed, as it is, and with its description.</summary>
    private protected abstract IEnumerable<(string Text, string Value, string Meaning)> Values { get; }
}

/// <summary>Completes regions by code or name.</summary>
/// <remarks>The parameter is text: PowerShell ignores completers of an enum parameter.</remarks>
public sealed class RegionCompleter : ParameterCompleter
{
    private protected override IEnumerable<CompletionResult> Complete(
        string command, string typed, string parameter, IDictionary parameters)
    {
        return RegionNames.All
            .Where(r => StartsWith(r.Region.ToString()) || StartsWith(r.Name))
            .Select(r => new CompletionResult(
                r.Region.ToString(),
                r.Region.ToString(),
                CompletionResultType.ParameterValue,
                $"{r.Name}: updates to {r.IngestionHost}, queries to {r.QueryHost}"));

        bool StartsWith(string name) => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>Completes the usual delimiters.</summary>
public sealed class DelimiterCompleter : ListedValueCompleter
{
    private protected override IEnumerable<(string Text, string Value, string Meaning)> Values =>
        [("','", ",", "comma"), ("';'", ";", "semicolon"), ("\"`t\"", "`t", "tab"), ("'|'", "|", "vertical bar")];
}

/// <summary>Completes the names of cultures.</summary>
public sealed class CultureCompleter : ListedValueCompleter
{
    private protected override IEnumerable<(string Text, string Value, string Meaning)> Values =>
        CultureInfo.GetCultures(CultureTypes.AllCultures).Where(c => c.Name.Length > 0).OrderBy(c => c.Name, StringComparer.Ordinal)
            .Select(c => (c.Name, c.Name, c.EnglishName));
}

/// <summary>Completes the ids of time zones.</summary>
public sealed class TimeZoneCompleter : ListedValueCompleter
{
    private protected override IEnumerable<(string Text, string Value, string Meaning)> Values =>
        TimeZoneInfo.GetSystemTimeZones().OrderBy(z => z.Id, StringComparer.Ordinal)
            .Select(z => (z.Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-') ? z.Id : Quoted(z.Id), z.Id,
                $"{z.Id}: {z.DisplayName}"));
}

/// <summary>Converts the id of a time zone, of IANA or Windows, to the time zone.</summary>
internal sealed class TimeZoneTransformationAttribute : ArgumentConversionAttribute
{
    private protected override object? Convert(object? input, object? plain) =>
        plain is not string id ? input
            : TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone
            : throw new ArgumentTransformationMetadataException($"There is no time zone '{id}'. Use an id such as Europe/Vienna or UTC.");
}

/// <summary>Completes the addresses of the servers of this session.</summary>
public sealed class ServerEndpointCompleter : ListedValueCompleter
{
    private protected override IEnumerable<(string Text, string Value, string Meaning)> Values =>
        ModuleState.Current.Servers.Select(s => (s.Endpoint.ToString(), s.Endpoint.ToString(), $"{s.ProfileCount} profiles, "
            + $"{s.Path ?? "in memory"}"));
}
