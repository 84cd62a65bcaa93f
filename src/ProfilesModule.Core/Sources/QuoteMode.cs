namespace ProfilesModule.Sources;

/// <summary>What becomes of a row in which a quote stands inside a field that does not begin with one.</summary>
public enum QuoteMode
{
    /// <summary>The row is refused: such a quote may be all that is left of a field that was enclosed in them.</summary>
    Strict,

    /// <summary>The quote is a part of the text, as in 5'11".</summary>
    Lenient,
}
