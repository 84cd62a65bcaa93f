namespace ProfilesModule.Server;

/// <summary>What kind of word an expression has at a place.</summary>
internal enum WhereTokenKind
{
    /// <summary>Behind the last word.</summary>
    End,

    /// <summary>A name or an operator that is a word.</summary>
    Word,

    /// <summary>An operator or a bracket.</summary>
    Symbol,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A string, whose text is without quotes and escapes.</summary>
    String,
}

/// <summary>One word of an expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Position">Where it begins, from 0.</param>
/// <param name="Text">Its text.</param>
internal readonly record struct WhereToken(WhereTokenKind Kind, int Position, string Text)
{
    public bool IsWord(string word) => Kind == WhereTokenKind.Word && Text == word;

    public bool IsSymbol(string symbol) => Kind == WhereTokenKind.Symbol && Text == symbol;

    public override string ToString() => Kind switch
    {
        WhereTokenKind.End => "the end",
        WhereTokenKind.String => "a string",
        _ => Text,
    };
}
