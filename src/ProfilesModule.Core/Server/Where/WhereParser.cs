using System.Globalization;

namespace ProfilesModule.Server;

/// <summary>
/// Reads an expression. From loose to tight: <c>or</c>; <c>and</c>; <c>not</c>; comparisons and <c>in</c>; <c>+ -</c>;
/// <c>* / %</c>; unary <c>-</c>. Operators of one precedence go from left to right.
/// </summary>
internal sealed class WhereParser
{
    // More than anyone writes, and less than a thread's stack holds.
    private const int MaximumDepth = 100;

    private readonly List<WhereToken> _tokens;
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private int _index;
    private int _depth;

    private WhereParser(List<WhereToken> tokens) => _tokens = tokens;

    private WhereToken Current => _tokens[_index];

    /// <summary>Reads an expression.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="properties">The properties that it names; the place of each is its slot.</param>
    /// <exception cref="WhereException">It cannot be read.</exception>
    public static WhereNode Parse(string text, out IReadOnlyList<string> properties)
    {
        var parser = new WhereParser(WhereLexer.Read(text));
        WhereNode node = parser.Or();
        if (parser.Current.Kind != WhereTokenKind.End)
            throw parser.Expected("an operator or the end");
        properties = [.. parser._slots.OrderBy(slot => slot.Value).Select(slot => slot.Key)];
        return node;
    }

    private WhereNode Or() => Logic("or", () => Logic("and", Not));

    private WhereNode Logic(string word, Func<WhereNode> operand)
    {
        WhereNode first = operand();
        if (!Current.IsWord(word))
            return first;
        var operands = new List<(WhereNode, int)> { (first, Current.Position) };
        while (Current.IsWord(word))
        {
            int position = Take().Position;
            operands.Add((operand(), position));
        }
        return new WhereLogic(word, operands);
    }

    private WhereNode Not()
    {
        if (!Current.IsWord("not"))
            return Comparison();
        Take();
        return new WhereUnary(WhereOperators.Not, Nested(Not));
    }

    private WhereNode Comparison() => Chain(Sum, token => WhereOperators.Comparison(token.Text), allowsIn: true);

    private WhereNode Sum() => Chain(Product, token => WhereOperators.Sum(token.Text));

    private WhereNode Product() => Chain(Unary, token => WhereOperators.Product(token.Text));

    private WhereNode Chain(Func<WhereNode> operand, Func<WhereToken, Func<WhereValue, WhereValue, WhereValue>?> find, bool allowsIn = false)
    {
        WhereNode first = operand();
        var rest = new List<(Func<WhereValue, WhereValue, WhereValue>, WhereNode)>();
        while (true)
        {
            if (allowsIn && Current.IsWord("in"))
            {
                Take();
                rest.Add((WhereOperators.In, Current.IsSymbol("[") ? List() : operand()));
            }
            else if (Current.Kind == WhereTokenKind.Symbol && find(Current) is { } apply)
            {
                Take();
                rest.Add((apply, operand()));
            }
            else
            {
                return rest.Count == 0 ? first : new WhereChain(first, rest);
            }
        }
    }

    private WhereNode Unary()
    {
        if (!Current.IsSymbol("-"))
            return Primary();
        Take();
        return new WhereUnary(WhereOperators.Negate, Nested(Unary));
    }

    private WhereNode Primary()
    {
        WhereToken token = Current;
        switch (token.Kind)
        {
            case WhereTokenKind.String:
                Take();
                return new WhereLiteral(WhereValue.From(token.Text));
            case WhereTokenKind.Number:
                Take();
                return new WhereLiteral(WhereValue.From(double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture)));
            case WhereTokenKind.Symbol when token.Text == "(":
                return Parenthesized();
            case WhereTokenKind.Word:
                return Word(token);
            default:
                throw Expected("a property, a value or (");
        }
    }

    private WhereNode Word(WhereToken token)
    {
        switch (token.Text)
        {
            case "true" or "false":
                Take();
                return new WhereLiteral(WhereValue.From(token.Text == "true"));
            case "not":
                return Not();
            case "properties" or "user":
                return new WhereProperty(Slot(PropertyName()));
            case "event":
                // Profiles have no events here.
                PropertyName();
                return new WhereLiteral(WhereValue.Undefined);
        }
        if (WhereOperators.Function(token.Text) is not { } function)
            throw Expected("a property, such as properties[\"plan\"], or a value");
        Take();
        return new WhereUnary(function, Parenthesized());
    }

    private string PropertyName()
    {
        Take();
        TakeSymbol("[");
        if (Current.Kind != WhereTokenKind.String)
            throw Expected("the name of a property in quotes");
        string name = Take().Text;
        TakeSymbol("]");
        return name;
    }

    private int Slot(string name)
    {
        if (!_slots.TryGetValue(name, out int slot))
            _slots.Add(name, slot = _slots.Count);
        return slot;
    }

    private WhereNode Parenthesized()
    {
        TakeSymbol("(");
        WhereNode node = Nested(Or);
        TakeSymbol(")");
        return node;
    }

    private WhereList List()
    {
        var elements = new List<WhereNode>();
        TakeSymbol("[");
        if (!Current.IsSymbol("]"))
        {
            elements.Add(Nested(Or));
            while (Current.IsSymbol(","))
            {
                Take();
                elements.Add(Nested(Or));
            }
        }
        TakeSymbol("]", "a comma or ]");
        return new WhereList(elements);
    }

    private WhereNode Nested(Func<WhereNode> read)
    {
        if (++_depth > MaximumDepth)
            throw new WhereException(Current.Position, $"expected no more than {MaximumDepth} levels of nesting");
        WhereNode node = read();
        _depth--;
        return node;
    }

    private WhereToken Take() => _tokens[_index++];

    private void TakeSymbol(string symbol, string? expected = null)
    {
        if (!Current.IsSymbol(symbol))
            throw Expected(expected ?? symbol);
        Take();
    }

    private WhereException Expected(string what) => new(Current.Position, $"expected {what}, found {Current}");
}
