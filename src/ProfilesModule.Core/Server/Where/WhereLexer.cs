using System.Globalization;
using System.Text;

namespace ProfilesModule.Server;

/// <summary>Cuts an expression into words.</summary>
internal sealed class WhereLexer
{
    // Longer ones first.
    private static readonly string[] Symbols = ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", ","];

    private readonly string _text;
    private int _position;

    private WhereLexer(string text) => _text = text;

    /// <summary>The words, the last of which is <see cref="WhereTokenKind.End"/>.</summary>
    /// <exception cref="WhereException">A character or a string does not belong into an expression.</exception>
    public static List<WhereToken> Read(string text)
    {
        var lexer = new WhereLexer(text);
        var tokens = new List<WhereToken>();
        do
            tokens.Add(lexer.Next());
        while (tokens[^1].Kind != WhereTokenKind.End);
        return tokens;
    }

    private WhereToken Next()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
            _position++;
        int start = _position;
        if (start == _text.Length)
            return new WhereToken(WhereTokenKind.End, start, "");

        char first = _text[start];
        if (first is '"' or '\'')
            return new WhereToken(WhereTokenKind.String, start, String(first));
        if (char.IsAsciiDigit(first))
        {
            Number();
            return Token(WhereTokenKind.Number, start);
        }
        if (IsWordCharacter(first))
        {
            while (_position < _text.Length && IsWordCharacter(_text[_position]))
                _position++;
            return Token(WhereTokenKind.Word, start);
        }
        if (Array.Find(Symbols, symbol => string.CompareOrdinal(_text, start, symbol, 0, symbol.Length) == 0) is { } found)
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

    private WhereToken Token(WhereTokenKind kind, int start) => new(kind, start, _text[start.._position]);

    private static bool IsWordCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '$' or '.';

    private void Number()
    {
        Digits();
        if (Peek() == '.' && char.IsAsciiDigit(Peek(1)))
        {
            _position++;
            Digits();
        }
        int signs = Peek(1) is '+' or '-' ? 2 : 1;
        if (Peek() is 'e' or 'E' && char.IsAsciiDigit(Peek(signs)))
        {
            _position += signs;
            Digits();
        }
        if (IsWordCharacter(Peek()))
            throw new WhereException(_position, $"expected the rest of a number, found {Peek()}");
    }

    private void Digits()
    {
        while (char.IsAsciiDigit(Peek()))
            _position++;
    }

    private char Peek(int ahead = 0) => _position + ahead < _text.Length ? _text[_position + ahead] : '\0';

    private string String(char quote)
    {
        int start = _position++;
        var text = new StringBuilder();
        while (_position < _text.Length)
        {
            char character = _text[_position++];
            if (character == quote)
                return text.ToString();
            text.Append(character == '\\' ? Escaped() : character);
        }
        throw new WhereException(start, $"expected a closing {quote}, found the end");
    }

    // The escapes of JSON, and the single quote.
    private char Escaped()
    {
        int position = _position - 1;
        char character = Peek();
        _position++;
        switch (character)
        {
            case '"' or '\'' or '\\' or '/':
                return character;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u' when _position + 4 <= _text.Length
                && ushort.TryParse(_text.AsSpan(_position, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code):
                _position += 4;
                return (char)code;
            default:
                throw new WhereException(position, "expected an escape of JSON behind the backslash");
        }
    }
}
