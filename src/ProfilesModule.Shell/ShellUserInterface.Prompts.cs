using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace ProfilesModule.Shell;

/// <content>Prompts. One that cannot be answered, because of -NonInteractive or because standard input has ended, is an error.</content>
internal sealed partial class ShellUserInterface(bool nonInteractive, CancellationToken interrupted)
{
    /// <summary>Standard input.</summary>
    public ConsoleInput Input { get; } = new(interrupted);

    /// <summary>Reads a line.</summary>
    /// <returns>The line, or null at the end of standard input, as pwsh gives it.</returns>
    public override string ReadLine()
    {
        RequireInteractive();
        var line = Input.ReadLine();

        // A terminal echoes what is typed; a redirected answer is shown so that the output reads the same.
        if (line is not null && Console.IsInputRedirected)
            WriteLine(line);

        return line!;
    }

    /// <inheritdoc />
    public override SecureString ReadLineAsSecureString()
    {
        RequireInteractive();
        var line = Input.ReadSecureLine();
        WriteLine();
        return line ?? throw Unanswered();
    }

    /// <inheritdoc />
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        RequireInteractive();
        WriteHeading(caption, message);
        if (descriptions.Any(field => !string.IsNullOrEmpty(field.HelpMessage)))
            WriteLine("(Type !? for Help.)");

        return descriptions.ToDictionary(field => field.Name, field => PSObject.AsPSObject(AskForField(field)));
    }

    /// <inheritdoc />
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RequireInteractive();
        WriteHeading(caption, message);
        var labels = choices.Select(choice => (Key: HotKey(choice.Label), Text: choice.Label.Replace("&", "", StringComparison.Ordinal))).ToList();
        var byDefault = defaultChoice >= 0 ? $" (default is \"{labels[defaultChoice].Key}\")" : "";
        var question = string.Concat(labels.Select(label => $"[{label.Key}] {label.Text}  ")) + $"[?] Help{byDefault}: ";
        while (true)
        {
            var answer = Ask(question).Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
                return defaultChoice;

            if (answer == "?")
            {
                foreach (var (choice, label) in choices.Zip(labels))
                    WriteLine($"{label.Key} - {choice.HelpMessage}");

                continue;
            }

            var chosen = labels.FindIndex(label => answer.Length > 0
                && (answer.Equals(label.Key, StringComparison.OrdinalIgnoreCase) || answer.Equals(label.Text, StringComparison.OrdinalIgnoreCase)));
            if (chosen >= 0)
                return chosen;
        }
    }

    /// <inheritdoc />
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        PromptForCredential(caption, message, userName, targetName, PSCredentialTypes.Default, PSCredentialUIOptions.Default);

    /// <inheritdoc />
    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options)
    {
        RequireInteractive();
        WriteHeading(caption, message);
        while (string.IsNullOrEmpty(userName))
            userName = Ask("User: ");

        Write($"Password for user {userName}: ");
        var password = ReadLineAsSecureString();
        return new PSCredential(string.IsNullOrEmpty(targetName) ? userName : $@"{targetName}\{userName}", password);
    }

    /// <summary>The letter after the &amp; of a label, or the whole label if it has none.</summary>
    private static string HotKey(string label) =>
        label.IndexOf('&') is var mark && mark >= 0 && mark + 1 < label.Length ? label[(mark + 1)..(mark + 2)].ToUpper(CultureInfo.CurrentCulture) : label;

    private static PSInvalidOperationException Unanswered() => new("Standard input has ended, so the prompt cannot be answered.");

    private object? AskForField(FieldDescription field)
    {
        var type = Type.GetType(field.ParameterAssemblyFullName) ?? typeof(string);
        return typeof(IList).IsAssignableFrom(type) ? AskForList(field, type) : AskForValue(field, type, $"{field.Name}: ");
    }

    /// <summary>Asks for one element after the other until the answer is empty.</summary>
    private object AskForList(FieldDescription field, Type type)
    {
        var elementType = type.GetElementType() ?? typeof(object);
        var elements = new ArrayList();
        while (AskForValue(field, elementType, $"{field.Name}[{elements.Count}]: ", endsList: true) is { } element)
            elements.Add(element);

        return LanguagePrimitives.TryConvertTo(elements, type, CultureInfo.InvariantCulture, out var list) ? list : elements;
    }

    /// <summary>Asks until the answer converts to the type.</summary>
    /// <returns>The value, or null if an empty answer ended the list.</returns>
    private object? AskForValue(FieldDescription field, Type type, string question, bool endsList = false)
    {
        if (type == typeof(SecureString))
        {
            Write(question);
            var secret = ReadLineAsSecureString();
            return endsList && secret.Length == 0 ? null : secret;
        }

        if (type == typeof(PSCredential))
        {
            var credential = PromptForCredential("", field.Name, "", "");
            return endsList && credential.Password.Length == 0 ? null : credential;
        }

        while (true)
        {
            var answer = Ask(question);
            if (answer == "!?")
                WriteLine(string.IsNullOrEmpty(field.HelpMessage) ? $"No help is available for {field.Name}." : field.HelpMessage);
            else if (endsList && answer.Length == 0)
                return null;
            else if (LanguagePrimitives.TryConvertTo(answer, type, CultureInfo.InvariantCulture, out var value))
                return value;
            else
                WriteLine($"Cannot recognize \"{answer}\" as a {type}.");
        }
    }

    private string Ask(string question)
    {
        Write(question);
        if (ReadLine() is { } answer)
            return answer;

        WriteLine();
        throw Unanswered();
    }

    private void WriteHeading(string caption, string message)
    {
        if (!string.IsNullOrEmpty(caption))
            WriteLine(Environment.NewLine + caption);

        if (!string.IsNullOrEmpty(message))
            WriteLine(message);
    }

    private void RequireInteractive()
    {
        if (nonInteractive)
            throw new PSInvalidOperationException($"{ShellHost.HostName} is in NonInteractive mode. Read and Prompt functionality is not available.");
    }
}
