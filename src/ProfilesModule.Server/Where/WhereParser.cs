using System.Globalization;

namespace ProfilesModule.Server.Where;

/// <summary>
/// Reads an expression. From loose to tight: <c>or</c>; <c>and</c>; <c>not</c>; comparisons and <c>in</c>; <c>+ -</c>;
/// <c>* / %</c>; unary <c>-</c>. Operators of one precedence go from left to right.
/// </summary>
internal sealed class WhereParser(List<WhereToken> tokens)
{
    // More than anyone writes, and less than a thread's stack holds.
    private const int MaximumDepth = 100;

    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private int _index;
    private int _depth;

    private WhereToken Current => tokens[_index];

    /// <param name="text">The expression.</param>
    /// <param name="properties">The properties that it names; the index of each is its slot.</param>
    /// <exception cref="WhereException">The expression cannot be read.</exception>
    public static WhereNode Parse(string text, out IReadOnlyList<string> properties)
    {
        var parser = new WhereParser(new WhereLexer(text).Read());
        var node = parser.Or();
        if (parser.Current.Kind != WhereTokenKind.End)
            throw parser.Expected("an operator or the end");
        properties = [.. parser._slots.OrderBy(slot => slot.Value).Select(slot => slot.Key)];
        return node;
    }

    private WhereNode Or() => Logic("or", () => Logic("and", Not));

    private WhereNode Logic(string word, Func<WhereNode> operand)
    {
        var first = operand();
        var operands = new List<(WhereNode, int)> { (first, Current.Position) };
        while (Current.Is(word))
        {
            var position = Take().Position;
            operands.Add((operand(), position));
        }

        return operands.Count == 1 ? first : new WhereLogic(word, operands);
    }

    private WhereNode Not() => TryTake("not") ? new WhereUnary(WhereOperators.Not, Nested(Not)) : Comparison();

    private WhereNode Comparison() => Chain(Sum, WhereOperators.Comparison);

    private WhereNode Sum() => Chain(Product, WhereOperators.Sum);

    private WhereNode Product() => Chain(Unary, WhereOperators.Product);

    private WhereNode Chain(Func<WhereNode> operand, Func<string, WhereOperator?> find)
    {
        var first = operand();
        var rest = new List<(WhereOperator, WhereNode)>();
        while (Current.Kind is WhereTokenKind.Symbol or WhereTokenKind.Word && find(Current.Text) is { } apply)
            rest.Add((apply, Take().Text == "in" && Current.Is("[") ? List() : operand()));
        return rest.Count == 0 ? first : new WhereChain(first, rest);
    }

    private WhereNode Unary() => TryTake("-") ? new WhereUnary(WhereOperators.Negate, Nested(Unary)) : Primary();

    private WhereNode Primary() => Current.Kind switch
    {
        WhereTokenKind.String => new WhereLiteral(WhereValue.From(Take().Text)),
        WhereTokenKind.Number => new WhereLiteral(WhereValue.From(double.Parse(Take().Text, CultureInfo.InvariantCulture))),
        WhereTokenKind.Word => Word(),
        WhereTokenKind.Symbol when Current.Text == "(" => Parenthesized(),
        _ => throw Expected("a property, a value or ("),
    };

    private WhereNode Word()
    {
        switch (Current.Text)
        {
            case "true" or "false":
                return new WhereLiteral(WhereValue.From(Take().Text == "true"));
            case "not":
                return Not();
            case "properties" or "user":
                return new WhereProperty(Slot(PropertyName()));
            case "event":
                // Profiles have no events here.
                PropertyName();
                return new WhereLiteral(WhereValue.Undefined);
            default:
                var function = WhereOperators.Function(Current.Text)
                    ?? throw Expected("a property, such as properties[\"plan\"], or a value");
                Take();
                return new WhereUnary(function, Parenthesized());
        }
    }

    private string PropertyName()
    {
        Take();
        Require("[");
        if (Current.Kind != WhereTokenKind.String)
            throw Expected("the name of a property in quotes");
        var name = Take().Text;
        Require("]");
        return name;
    }

    private int Slot(string name)
    {
        _slots.TryAdd(name, _slots.Count);
        return _slots[name];
    }

    private WhereNode Parenthesized()
    {
        Require("(");
        var node = Nested(Or);
        Require(")");
        return node;
    }

    private WhereList List()
    {
        var elements = new List<WhereNode>();
        Require("[");
        if (!Current.Is("]"))
        {
            do
                elements.Add(Nested(Or));
            while (TryTake(","));
        }

        Require("]", "a comma or ]");
        return new WhereList(elements);
    }

    private WhereNode Nested(Func<WhereNode> read)
    {
        if (++_depth > MaximumDepth)
            throw new WhereException(Current.Position, $"expected no more than {MaximumDepth} levels of nesting");
        var node = read();
        _depth--;
        return node;
    }

    private WhereToken Take() => tokens[_index++];

    private bool TryTake(string text)
    {
        if (!Current.Is(text))
            return false;
        _index++;
        return true;
    }

    private void Require(string symbol, string? expected = null)
    {
        if (!TryTake(symbol))
            throw Expected(expected ?? symbol);
    }

    private WhereException Expected(string what) => new(Current.Position, $"expected {what}, found {Current}");
}
