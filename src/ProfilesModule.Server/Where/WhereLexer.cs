using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ProfilesModule.Server.Where;

internal enum WhereTokenKind
{
    End,
    Word,
    Symbol,
    Number,
    String,
}

/// <param name="Kind">What it is.</param>
/// <param name="Position">Where it begins, from 0.</param>
/// <param name="Text">Its text; of a string, without quotes and escapes.</param>
internal readonly record struct WhereToken(WhereTokenKind Kind, int Position, string Text)
{
    /// <summary>Whether it is a certain word or symbol.</summary>
    public bool Is(string text) => Kind is WhereTokenKind.Word or WhereTokenKind.Symbol && Text == text;

    public override string ToString() => Kind switch
    {
        WhereTokenKind.End => "the end",
        WhereTokenKind.String => "a string",
        _ => Text,
    };
}

/// <summary>Splits an expression into tokens.</summary>
internal sealed partial class WhereLexer(string text)
{
    // Longer ones first.
    private static readonly string[] Symbols = ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", ","];

    private int _position;

    /// <summary>The tokens, the last of which is <see cref="WhereTokenKind.End"/>.</summary>
    /// <exception cref="WhereException">A character or a string is not part of the language.</exception>
    public List<WhereToken> Read()
    {
        var tokens = new List<WhereToken>();
        do
            tokens.Add(Next());
        while (tokens[^1].Kind != WhereTokenKind.End);
        return tokens;
    }

    private WhereToken Next()
    {
        Skip(char.IsWhiteSpace);
        var start = _position;
        if (start == text.Length)
            return new(WhereTokenKind.End, start, "");

        var first = text[start];
        if (first is '"' or '\'')
            return new(WhereTokenKind.String, start, String(first));
        if (char.IsAsciiDigit(first))
        {
            Number();
            return Token(WhereTokenKind.Number, start);
        }

        if (IsWordCharacter(first))
        {
            Skip(IsWordCharacter);
            return Token(WhereTokenKind.Word, start);
        }

        if (Array.Find(Symbols, symbol => string.CompareOrdinal(text, start, symbol, 0, symbol.Length) == 0) is { } found)
        {
            _position += found.Length;
            return Token(WhereTokenKind.Symbol, start);
        }

        throw new WhereException(start, first switch
        {
            '=' => "expected ==, found a single =",
            '!' => "expected != or not, found a single !",
            '&' => "expected and, found &",
            '|' => "expected or, found |",
            _ => $"expected a property, an operator or a value, found {first}",
        });
    }

    private WhereToken Token(WhereTokenKind kind, int start) => new(kind, start, text[start.._position]);

    private static bool IsWordCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '$' or '.';

    private void Number()
    {
        _position += NumberText().Match(text, _position).Length;
        if (IsWordCharacter(Peek()))
            throw new WhereException(_position, $"expected the rest of a number, found {Peek()}");
    }

    [GeneratedRegex(@"\G[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")]
    private static partial Regex NumberText();

    private void Skip(Func<char, bool> belongs)
    {
        while (_position < text.Length && belongs(text[_position]))
            _position++;
    }

    private char Peek() => _position < text.Length ? text[_position] : '\0';

    private string String(char quote)
    {
        var start = _position++;
        var value = new StringBuilder();
        while (_position < text.Length)
        {
            var character = text[_position++];
            if (character == quote)
                return value.ToString();
            value.Append(character == '\\' ? Escaped() : character);
        }

        throw new WhereException(start, $"expected a closing {quote}, found the end");
    }

    // The escapes of JSON, and the single quote.
    private char Escaped()
    {
        const string letters = "\"'\\/bfnrt";
        const string meanings = "\"'\\/\b\f\n\r\t";
        var backslash = _position - 1;
        var character = Peek();
        _position++;
        if (letters.IndexOf(character, StringComparison.Ordinal) is >= 0 and var index)
            return meanings[index];
        if (character != 'u' || _position + 4 > text.Length
            || !ushort.TryParse(text.AsSpan(_position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            throw new WhereException(backslash, "expected an escape of JSON after the backslash");
        }

        _position += 4;
        return (char)code;
    }
}
