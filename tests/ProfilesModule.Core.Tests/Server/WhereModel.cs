using System.Globalization;
using System.Numerics;
using System.Text.Json;
using CsCheck;

namespace ProfilesModule.Core.Tests.Server;

/// <summary>
/// The language of <c>where</c> a second time, for comparison: generated as a tree, printed with no more parentheses than
/// the precedence demands, and evaluated on .NET objects by the rules as they are documented.
/// </summary>
internal abstract record WhereModel
{
    /// <summary>Stands for undefined, which is not null.</summary>
    public static readonly object Undefined = new();

    private static readonly string[][] Levels = [["or"], ["and"], ["not"], ["==", "!=", "<", "<=", ">", ">=", "in"], ["+", "-"], ["*", "/", "%"], ["neg"], []];

    private int Level => this switch
    {
        Binary binary => Array.FindIndex(Levels, level => level.Contains(binary.Operator)),
        Unary { Function: "not" } => 2,
        Unary { Function: "neg" } => 6,
        _ => 7,
    };

    /// <summary>Expressions whose operands mostly have the types that their operators are meant for, and sometimes any.</summary>
    public static Gen<WhereModel> Generator { get; } = Truths(3);

    private static Gen<WhereModel> Truths(int depth)
    {
        if (depth == 0)
            return Gen.Frequency((3, PropertyOf("t", "f")), (1, LiteralOf(true, false)), (1, Unaries(PropertyOf("x", "n", "l"), "defined", "boolean")));
        Gen<WhereModel> truth = Truths(depth - 1);
        Gen<WhereModel> number = Numbers(depth - 1);
        Gen<WhereModel> text = Texts(depth - 1);
        Gen<WhereModel> any = Any(depth - 1);
        return Gen.Frequency(
            (4, Binaries(truth, truth, "and", "or")),
            (4, Binaries(number, number, "==", "!=", "<", "<=", ">", ">=")),
            (3, Binaries(text, text, "==", "!=", "<", "<=", ">", ">=", "in")),
            (2, Binaries(number, number.Array[0, 3].Select(elements => (WhereModel)new ListOf(elements)), "in")),
            (1, Binaries(any, PropertyOf("l"), "in")),
            (1, Binaries(any, any, "==", "!=", "<", "<=", ">", ">=", "in")),
            (2, Unaries(truth, "not")),
            (1, Unaries(any, "boolean", "defined", "not")),
            (1, any));
    }

    private static Gen<WhereModel> Numbers(int depth)
    {
        Gen<WhereModel> leaf = Gen.Frequency((3, PropertyOf("n", "m")), (2, LiteralOf(0d, 1d, 2d, 2.5, 1000000d)));
        if (depth == 0)
            return leaf;
        Gen<WhereModel> number = Numbers(depth - 1);
        return Gen.Frequency(
            (2, leaf),
            (4, Binaries(number, number, "+", "-", "*", "/", "%")),
            (2, Unaries(number, "neg", "floor", "round", "ceil")),
            (1, Unaries(Any(depth - 1), "number")));
    }

    private static Gen<WhereModel> Texts(int depth)
    {
        Gen<WhereModel> leaf = Gen.Frequency((3, PropertyOf("s", "r", "$distinct_id")), (2, LiteralOf("", "a", "ab", "2", "true")));
        return depth == 0 ? leaf : Gen.Frequency((3, leaf), (2, Binaries(Texts(depth - 1), Texts(depth - 1), "+")), (1, Unaries(Any(depth - 1), "string")));
    }

    private static Gen<WhereModel> Any(int depth) => Gen.OneOf(Truths(depth), Numbers(depth), Texts(depth), PropertyOf("l", "x"));

    private static Gen<WhereModel> PropertyOf(params string[] names) => Gen.OneOfConst(names).Select(name => (WhereModel)new Property(name));

    private static Gen<WhereModel> LiteralOf(params object[] values) => Gen.OneOfConst(values).Select(value => (WhereModel)new Literal(value));

    private static Gen<WhereModel> Unaries(Gen<WhereModel> operand, params string[] functions) =>
        Gen.Select(Gen.OneOfConst(functions), operand, (function, value) => (WhereModel)new Unary(function, value));

    private static Gen<WhereModel> Binaries(Gen<WhereModel> left, Gen<WhereModel> right, params string[] operators) =>
        Gen.Select(left, Gen.OneOfConst(operators), right, (a, symbol, b) => (WhereModel)new Binary(symbol, a, b));

    public abstract object? Evaluate(IReadOnlyDictionary<string, object?> profile);

    /// <summary>The text, in parentheses if it is looser than its place allows.</summary>
    protected string Print(int level) => Level < level ? $"({this})" : ToString();

    private sealed record Property(string Name) : WhereModel
    {
        public override object? Evaluate(IReadOnlyDictionary<string, object?> profile) => profile.TryGetValue(Name, out object? value) ? value : Undefined;

        public override string ToString() => $"properties[{JsonSerializer.Serialize(Name)}]";
    }

    private sealed record Literal(object Value) : WhereModel
    {
        public override object? Evaluate(IReadOnlyDictionary<string, object?> profile) => Value;

        public override string ToString() => JsonSerializer.Serialize(Value);
    }

    private sealed record ListOf(WhereModel[] Elements) : WhereModel
    {
        public override object? Evaluate(IReadOnlyDictionary<string, object?> profile) => Elements.Select(element => element.Evaluate(profile)).ToArray();

        public override string ToString() => $"[{string.Join(", ", Elements.Select(element => element.Print(0)))}]";
    }

    private sealed record Unary(string Function, WhereModel Operand) : WhereModel
    {
        public override object? Evaluate(IReadOnlyDictionary<string, object?> profile)
        {
            object? value = Operand.Evaluate(profile);
            return Function switch
            {
                "not" => value is bool truth ? !truth : value == Undefined ? true : Undefined,
                "neg" => value is double number ? -number : Undefined,
                "floor" => value is double number ? Math.Floor(number) : Undefined,
                "ceil" => value is double number ? Math.Ceiling(number) : Undefined,
                "round" => value is double number ? Math.Sign(number) * Math.Floor(Math.Abs(number) + 0.5) : Undefined,
                "defined" => value != Undefined && value is not null,
                "boolean" => value != Undefined && value is not (null or false or 0d or "" or "false"),
                "number" when value is string text => double.TryParse(text, CultureInfo.InvariantCulture, out double number) ? number : Undefined,
                "number" => value is bool truth ? truth ? 1d : 0d : value is double ? value : Undefined,
                _ => value switch { null or string => value, bool truth => truth ? "true" : "false", double number => Decimal(number), _ => Undefined },
            };
        }

        public override string ToString() => Function switch
        {
            "not" => $"not {Operand.Print(2)}",
            "neg" => $"-{Operand.Print(6)}",
            _ => $"{Function}({Operand.Print(0)})",
        };

        private static string Decimal(double number) =>
            number % 1 == 0 && Math.Abs(number) < 1e21 ? new BigInteger(number).ToString(CultureInfo.InvariantCulture) : number.ToString("R", CultureInfo.InvariantCulture);
    }

    private sealed record Binary(string Operator, WhereModel Left, WhereModel Right) : WhereModel
    {
        public override object? Evaluate(IReadOnlyDictionary<string, object?> profile)
        {
            if (Operator is "and" or "or")
                return Logic(profile);
            object? left = Left.Evaluate(profile);
            object? right = Right.Evaluate(profile);
            switch (Operator)
            {
                case "==":
                    return Same(left, right);
                case "!=":
                    return !Same(left, right);
                case "in" when right is object?[] list:
                    return list.Any(element => Same(left, element));
                case "in":
                    return left is string part && right is string whole ? whole.Contains(part, StringComparison.Ordinal) : Undefined;
                case "<" or "<=" or ">" or ">=":
                    int? order = (left, right) switch
                    {
                        (double a, double b) => a < b ? -1 : a > b ? 1 : 0,
                        (string a, string b) => Math.Sign(string.CompareOrdinal(a, b)),
                        _ => null,
                    };
                    return order is null ? Undefined : Operator switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
                case "+" when left is string a && right is string b:
                    return a + b;
            }
            if (left is not double x || right is not double y || (y == 0 && Operator is "/") || (y == 0 && Operator is "%"))
                return Undefined;
            double result = Operator switch { "+" => x + y, "-" => x - y, "*" => x * y, "/" => x / y, _ => x % y };
            return double.IsFinite(result) ? result : Undefined;
        }

        public override string ToString()
        {
            // Operators of one level go from left to right, so an equal one on the right needs parentheses.
            int level = Level;
            return $"{Left.Print(level)} {Operator} {Right.Print(level + 1)}";
        }

        private bool Logic(IReadOnlyDictionary<string, object?> profile)
        {
            bool left = Truth(Left.Evaluate(profile));
            if (left == (Operator == "or"))
                return left;
            return Truth(Right.Evaluate(profile));
        }

        private static bool Truth(object? value) =>
            value as bool? ?? (value == Undefined ? false : throw new InvalidOperationException("neither true nor false"));

        private static bool Same(object? left, object? right) => (left, right) switch
        {
            (double a, double b) => a == b,
            (object?[] a, object?[] b) => a.Length == b.Length && a.Zip(b).All(pair => Same(pair.First, pair.Second)),
            _ => Equals(left, right),
        };
    }
}
