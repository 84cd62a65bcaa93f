namespace ProfilesModule.Rules;

/// <summary>One thing that rows and their values are held to before they are sent.</summary>
/// <param name="Id">Its name, which is the ErrorId of what is refused by it.</param>
/// <param name="Severity">What becomes of a row that does.</param>
/// <param name="Message">What is wrong; {0} stands for the name of the property or column.</param>
/// <param name="Remedy">What the user can do.</param>
/// <param name="Source">Where the rule comes from.</param>
internal sealed record Rule(ErrorId Id, RuleSeverity Severity, string Message, string Remedy, string Source)
{
    /// <summary>What is wrong with a property.</summary>
    /// <param name="property">Its name.</param>
    public string MessageFor(string? property) => Message.Replace("{0}", property, StringComparison.Ordinal);
}
