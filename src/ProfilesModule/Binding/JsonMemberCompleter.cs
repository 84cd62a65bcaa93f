using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.Json;
using ProfilesModule.Sources.Json;

namespace ProfilesModule.Binding;

/// <summary>Completes the names of members from the first objects of the JSON file that the command line names.</summary>
public sealed class JsonMemberCompleter : IArgumentCompleter
{
    // Objects need not have the same members; more of them would keep the user waiting.
    private const int Objects = 100;

    /// <summary>Offers the names that begin with what was typed; none when the file cannot be read.</summary>
    /// <param name="commandName">The command.</param>
    /// <param name="parameterName">The parameter.</param>
    /// <param name="wordToComplete">What was typed.</param>
    /// <param name="commandAst">The line.</param>
    /// <param name="fakeBoundParameters">The other parameters.</param>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CommandLineFile.Offer(CommandLineFile.Names(fakeBoundParameters, Members), wordToComplete);

    private static List<string> Members(string path)
    {
        var names = new List<string>();
        using var file = JsonFile.Open(path);
        for (var i = 0; i < Objects && file.Read(); i++)
        {
            foreach (var name in Members(file.Record).Where(name => !names.Contains(name)))
                names.Add(name);
        }

        return names;
    }

    private static IEnumerable<string> Members(ReadOnlySpan<byte> record)
    {
        try
        {
            return JsonFile.Parse(record).Keys.Cast<string>();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Of a line that is no object the import tells.
            return [];
        }
    }
}
