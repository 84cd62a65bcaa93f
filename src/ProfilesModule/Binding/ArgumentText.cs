using System.Management.Automation.Language;

namespace ProfilesModule.Binding;

/// <summary>Values of arguments as they stand on a command line.</summary>
internal static class ArgumentText
{
    /// <summary>What was typed, without the quote that it may begin with.</summary>
    public static string Typed(string wordToComplete) => wordToComplete.Trim('\'', '"');

    /// <summary>A value in single quotes unless it reads the same without: <c>$email</c> would be a variable, even in double ones.</summary>
    public static string Quoted(string value) =>
        value.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? value : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";
}
