namespace ProfilesModule.Sources;

/// <summary>What can be wrong with the quotes of a record.</summary>
internal static class QuoteProblems
{
    public const string InsideField = "a quote is inside a field that is not enclosed in quotes";
    public const string TextBehind = "text follows the closing quote of a field";
    public const string Unclosed = "a quoted field is never closed, so it runs to the end of the file";
    public const string NotClosedInLine = "a quoted field is not closed in its line, and where a later quote closes it, other text follows";
    public const string PartOfRow = "it is behind a damaged quote, and has more or fewer fields than the header";
}
