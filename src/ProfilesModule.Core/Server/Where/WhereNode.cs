namespace ProfilesModule.Server;

/// <summary>A part of a compiled expression. Not changed by evaluation, so that several threads may evaluate it at once.</summary>
internal abstract class WhereNode
{
    /// <summary>The value for a profile.</summary>
    /// <param name="properties">The profile's values of the properties that the expression names, by their slot.</param>
    /// <exception cref="WhereException">A value has a type that is not allowed where it stands.</exception>
    public abstract WhereValue Evaluate(WhereValue[] properties);
}

/// <summary>A value that stands in the expression itself.</summary>
internal sealed class WhereLiteral(WhereValue value) : WhereNode
{
    public override WhereValue Evaluate(WhereValue[] properties) => value;
}

/// <summary>A property of the profile.</summary>
internal sealed class WhereProperty(int slot) : WhereNode
{
    public override WhereValue Evaluate(WhereValue[] properties) => properties[slot];
}

/// <summary>A list behind <c>in</c>.</summary>
internal sealed class WhereList(IReadOnlyList<WhereNode> elements) : WhereNode
{
    public override WhereValue Evaluate(WhereValue[] properties)
    {
        var values = new WhereValue[elements.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = elements[i].Evaluate(properties);
        return WhereValue.From(values);
    }
}

/// <summary>A function or operator of one operand.</summary>
internal sealed class WhereUnary(Func<WhereValue, WhereValue> function, WhereNode operand) : WhereNode
{
    public override WhereValue Evaluate(WhereValue[] properties) => function(operand.Evaluate(properties));
}

/// <summary>Operands with operators of one precedence between them, from left to right.</summary>
/// <remarks>One node for the whole chain: its length must not become depth of recursion.</remarks>
internal sealed class WhereChain(WhereNode first, IReadOnlyList<(Func<WhereValue, WhereValue, WhereValue> Operator, WhereNode Operand)> rest) : WhereNode
{
    public override WhereValue Evaluate(WhereValue[] properties)
    {
        WhereValue value = first.Evaluate(properties);
        foreach ((Func<WhereValue, WhereValue, WhereValue> apply, WhereNode operand) in rest)
            value = apply(value, operand.Evaluate(properties));
        return value;
    }
}

/// <summary>Operands with <c>and</c> or with <c>or</c> between them. Those behind the one that decides are not evaluated.</summary>
/// <param name="word"><c>and</c> or <c>or</c>.</param>
/// <param name="operands">Each operand and the position of the operator beside it.</param>
internal sealed class WhereLogic(string word, IReadOnlyList<(WhereNode Operand, int Position)> operands) : WhereNode
{
    private readonly bool _deciding = word == "or";

    public override WhereValue Evaluate(WhereValue[] properties)
    {
        foreach ((WhereNode operand, int position) in operands)
        {
            WhereValue value = operand.Evaluate(properties);
            if (value.Type is not (WhereType.Boolean or WhereType.Undefined))
                throw new WhereException(position, $"expected true or false on both sides of {word}, found a value of type {value.Type.ToString().ToLowerInvariant()}");
            if (value.IsTrue == _deciding)
                return WhereValue.From(_deciding);
        }
        return WhereValue.From(!_deciding);
    }
}
