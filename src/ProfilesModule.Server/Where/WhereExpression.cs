using System.Text;
using System.Text.Json;
using ProfilesModule.Server.Http;
using ProfilesModule.Server.Storage;

namespace ProfilesModule.Server.Where;

/// <summary>
/// A compiled condition in the language of the query's <c>where</c>. It reads a profile's JSON once and takes only the values of the
/// properties that it names. Safe for use by several threads at once.
/// </summary>
internal sealed class WhereExpression(string parameter, WhereNode root, IReadOnlyList<string> properties)
{
    private readonly byte[][] _names = [.. properties.Select(Encoding.UTF8.GetBytes)];

    // The id is kept beside the properties, and read as if it were one.
    private readonly int _distinctId = properties.ToList().IndexOf("$distinct_id");

    /// <param name="parameter">The parameter that holds the expression, for messages.</param>
    /// <param name="text">The expression.</param>
    /// <exception cref="BadRequestException">The expression cannot be read.</exception>
    public static WhereExpression Parse(string parameter, string text)
    {
        try
        {
            return new(parameter, WhereParser.Parse(text, out var properties), properties);
        }
        catch (WhereException e)
        {
            throw new BadRequestException($"{parameter}, {e.Message}") { Position = e.Position };
        }
    }

    /// <summary>Whether the expression is true for a profile; only true is a match.</summary>
    /// <exception cref="BadRequestException"><c>and</c> or <c>or</c> got something other than true or false.</exception>
    public bool Matches(StoredProfile profile)
    {
        try
        {
            return root.Evaluate(Properties(profile)).IsTrue;
        }
        catch (WhereException e)
        {
            throw new BadRequestException($"{parameter}, {e.Message}") { Position = e.Position };
        }
    }

    private WhereValue[] Properties(StoredProfile profile)
    {
        var values = new WhereValue[_names.Length];
        var missing = _names.Length;
        if (_distinctId >= 0)
        {
            values[_distinctId] = WhereValue.From(profile.DistinctId);
            missing--;
        }

        var json = new Utf8JsonReader(profile.Properties.Span);
        json.Read();
        while (missing > 0 && json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var slot = SlotOf(ref json);
            json.Read();
            if (slot < 0)
            {
                json.Skip();
                continue;
            }

            values[slot] = WhereValue.Read(ref json);
            missing--;
        }

        return values;
    }

    private int SlotOf(ref Utf8JsonReader json)
    {
        for (var i = 0; i < _names.Length; i++)
        {
            if (json.ValueTextEquals(_names[i]))
                return i;
        }

        return -1;
    }
}

/// <summary>An expression that cannot be read, or a value of a type that is not allowed where it stands.</summary>
internal sealed class WhereException(int position, string problem) : Exception($"at position {position}: {problem}")
{
    /// <summary>Where it is in the expression, from 0.</summary>
    public int Position => position;
}

/// <summary>A part of a compiled expression. Evaluation does not change it.</summary>
internal abstract class WhereNode
{
    /// <param name="properties">The profile's values of the properties that the expression names, by slot.</param>
    /// <exception cref="WhereException">A value has a type that is not allowed where it stands.</exception>
    public abstract WhereValue Evaluate(WhereValue[] properties);
}

internal sealed class WhereLiteral(WhereValue value) : WhereNode
{
    public override WhereValue Evaluate(WhereValue[] properties) => value;
}

internal sealed class WhereProperty(int slot) : WhereNode
{
    public override WhereValue Evaluate(WhereValue[] properties) => properties[slot];
}

/// <summary>A list after <c>in</c>.</summary>
internal sealed class WhereList(IReadOnlyList<WhereNode> elements) : WhereNode
{
    public override WhereValue Evaluate(WhereValue[] properties) =>
        WhereValue.From((WhereValue[])[.. elements.Select(element => element.Evaluate(properties))]);
}

/// <summary>A function, or an operator with one operand.</summary>
internal sealed class WhereUnary(Func<WhereValue, WhereValue> function, WhereNode operand) : WhereNode
{
    public override WhereValue Evaluate(WhereValue[] properties) => function(operand.Evaluate(properties));
}

/// <summary>Operands with operators of one precedence, from left to right. One node, so that length does not become recursion.</summary>
internal sealed class WhereChain(WhereNode first, IReadOnlyList<(WhereOperator Apply, WhereNode Operand)> rest) : WhereNode
{
    public override WhereValue Evaluate(WhereValue[] properties)
    {
        var value = first.Evaluate(properties);
        foreach (var (apply, operand) in rest)
            value = apply(value, operand.Evaluate(properties));
        return value;
    }
}

/// <summary>Operands joined by <c>and</c> or by <c>or</c>. Those after the one that decides are not evaluated.</summary>
/// <param name="word"><c>and</c> or <c>or</c>.</param>
/// <param name="operands">Each operand and the position of the operator beside it.</param>
internal sealed class WhereLogic(string word, IReadOnlyList<(WhereNode Operand, int Position)> operands) : WhereNode
{
    private readonly bool _deciding = word == "or";

    public override WhereValue Evaluate(WhereValue[] properties)
    {
        foreach (var (operand, position) in operands)
        {
            var value = operand.Evaluate(properties);
            if (value.Type is not (WhereType.Boolean or WhereType.Undefined))
            {
                var type = value.Type.ToString().ToLowerInvariant();
                throw new WhereException(position, $"expected true or false on both sides of {word}, found a value of type {type}");
            }

            if (value.IsTrue == _deciding)
                return WhereValue.From(_deciding);
        }

        return WhereValue.From(!_deciding);
    }
}
