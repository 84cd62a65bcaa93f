using System.Globalization;
using System.Text.Json;

namespace ProfilesModule.Server.Where;

/// <summary>The types of values in expressions.</summary>
internal enum WhereType
{
    /// <summary>A missing property, or the result of an operator on values that it does not take.</summary>
    Undefined,
    Null,
    Boolean,
    Number,
    String,
    List,

    /// <summary>A JSON object, which can only be compared for equality.</summary>
    Object,
}

/// <summary>A value in an expression.</summary>
internal readonly record struct WhereValue
{
    private readonly object? _reference;

    private WhereValue(WhereType type, double number = 0, object? reference = null) =>
        (Type, Number, _reference) = (type, number, reference);

    public static WhereValue Undefined => default;

    public WhereType Type { get; }

    public bool IsTrue => Type == WhereType.Boolean && Number != 0;

    /// <summary>The number; 1 for true, and 0 for any other type.</summary>
    public double Number { get; }

    public string Text => (string)_reference!;

    public IReadOnlyList<WhereValue> Elements => (IReadOnlyList<WhereValue>)_reference!;

    private Dictionary<string, WhereValue> Members => (Dictionary<string, WhereValue>)_reference!;

    public static WhereValue From(bool value) => new(WhereType.Boolean, value ? 1 : 0);

    public static WhereValue From(double value) => new(WhereType.Number, value);

    public static WhereValue From(string value) => new(WhereType.String, reference: value);

    public static WhereValue From(IReadOnlyList<WhereValue> elements) => new(WhereType.List, reference: elements);

    /// <summary>The result of arithmetic: undefined when it is not a finite number.</summary>
    public static WhereValue FromResult(double value) => double.IsFinite(value) ? From(value) : Undefined;

    /// <summary>Reads the JSON value at the reader's position.</summary>
    public static WhereValue Read(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False:
                return From(json.GetBoolean());
            case JsonTokenType.Number:
                return From(json.GetDouble());
            case JsonTokenType.String:
                return From(json.GetString()!);
            case JsonTokenType.StartArray:
                var elements = new List<WhereValue>();
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                    elements.Add(Read(ref json));
                return From(elements);
            case JsonTokenType.StartObject:
                var members = new Dictionary<string, WhereValue>(StringComparer.Ordinal);
                while (json.Read() && json.TokenType != JsonTokenType.EndObject)
                {
                    var name = json.GetString()!;
                    json.Read();
                    members[name] = Read(ref json);
                }

                return new(WhereType.Object, reference: members);
            default:
                return new(WhereType.Null);
        }
    }

    /// <summary>Whether type and value are the same.</summary>
    public bool Equals(WhereValue other) => Type == other.Type && Type switch
    {
        WhereType.String => Text == other.Text,
        WhereType.List => Elements.SequenceEqual(other.Elements),
        WhereType.Object => AreEqual(Members, other.Members),
        _ => Number == other.Number,
    };

    private static bool AreEqual(Dictionary<string, WhereValue> left, Dictionary<string, WhereValue> right) =>
        left.Count == right.Count && left.All(member => right.TryGetValue(member.Key, out var other) && member.Value.Equals(other));

    public override int GetHashCode() => HashCode.Combine(Type, Number, _reference as string);
}

internal delegate WhereValue WhereOperator(WhereValue left, WhereValue right);

/// <summary>
/// The operators and functions of expressions.
/// Source: official segmentation expressions; docs/architecture.md decides what they leave open.
/// </summary>
internal static class WhereOperators
{
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static WhereOperator? Sum(string symbol) => symbol switch
    {
        "+" => Add,
        "-" => (left, right) => Arithmetic(left, right, static (a, b) => a - b),
        _ => null,
    };

    public static WhereOperator? Product(string symbol) => symbol switch
    {
        "*" => (left, right) => Arithmetic(left, right, static (a, b) => a * b),
        "/" => (left, right) => Arithmetic(left, right, static (a, b) => a / b),
        "%" => (left, right) => Arithmetic(left, right, static (a, b) => a % b),
        _ => null,
    };

    public static WhereOperator? Comparison(string symbol) => symbol switch
    {
        "==" => (left, right) => WhereValue.From(left.Equals(right)),
        "!=" => (left, right) => WhereValue.From(!left.Equals(right)),
        "<" => (left, right) => Order(left, right, static order => order < 0),
        "<=" => (left, right) => Order(left, right, static order => order <= 0),
        ">" => (left, right) => Order(left, right, static order => order > 0),
        ">=" => (left, right) => Order(left, right, static order => order >= 0),
        "in" => In,
        _ => null,
    };

    public static Func<WhereValue, WhereValue>? Function(string name) => name switch
    {
        "floor" => value => Arithmetic(value, Math.Floor),
        "ceil" => value => Arithmetic(value, Math.Ceiling),
        "round" => value => Arithmetic(value, static number => Math.Round(number, MidpointRounding.AwayFromZero)),
        "boolean" => Boolean,
        "number" => Number,
        "string" => String,
        "defined" => value => WhereValue.From(value.Type is not (WhereType.Undefined or WhereType.Null)),
        "datetime" => DateTime,
        _ => null,
    };

    public static WhereValue Negate(WhereValue value) => Arithmetic(value, static number => -number);

    public static WhereValue Not(WhereValue value) =>
        value.Type is WhereType.Boolean or WhereType.Undefined ? WhereValue.From(!value.IsTrue) : WhereValue.Undefined;

    private static WhereValue In(WhereValue element, WhereValue container) => (element.Type, container.Type) switch
    {
        (_, WhereType.List) => WhereValue.From(container.Elements.Contains(element)),
        (WhereType.String, WhereType.String) => WhereValue.From(container.Text.Contains(element.Text, StringComparison.Ordinal)),
        _ => WhereValue.Undefined,
    };

    private static WhereValue Add(WhereValue left, WhereValue right) => (left.Type, right.Type) is (WhereType.String, WhereType.String)
        ? WhereValue.From(left.Text + right.Text)
        : Arithmetic(left, right, static (a, b) => a + b);

    private static WhereValue Arithmetic(WhereValue left, WhereValue right, Func<double, double, double> apply) =>
        (left.Type, right.Type) is (WhereType.Number, WhereType.Number)
            ? WhereValue.FromResult(apply(left.Number, right.Number))
            : WhereValue.Undefined;

    private static WhereValue Arithmetic(WhereValue value, Func<double, double> apply) =>
        value.Type == WhereType.Number ? WhereValue.FromResult(apply(value.Number)) : WhereValue.Undefined;

    private static WhereValue Order(WhereValue left, WhereValue right, Func<int, bool> holds) => (left.Type, right.Type) switch
    {
        (WhereType.Number, WhereType.Number) => WhereValue.From(holds(left.Number.CompareTo(right.Number))),
        (WhereType.String, WhereType.String) => WhereValue.From(holds(string.CompareOrdinal(left.Text, right.Text))),
        _ => WhereValue.Undefined,
    };

    // Source: official description of data types, Boolean.
    private static WhereValue Boolean(WhereValue value) => WhereValue.From(value.Type switch
    {
        WhereType.Undefined or WhereType.Null => false,
        WhereType.String => value.Text is not ("" or "false"),
        WhereType.Boolean or WhereType.Number => value.Number != 0,
        _ => true,
    });

    private static WhereValue Number(WhereValue value) => value.Type switch
    {
        WhereType.Number => value,
        WhereType.Boolean => WhereValue.From(value.Number),
        WhereType.String when double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
            WhereValue.FromResult(number),
        _ => WhereValue.Undefined,
    };

    private static WhereValue String(WhereValue value) => value.Type switch
    {
        WhereType.String or WhereType.Null => value,
        WhereType.Boolean => WhereValue.From(value.IsTrue ? "true" : "false"),
        WhereType.Number => WhereValue.From(Digits(value.Number)),
        _ => WhereValue.Undefined,
    };

    private static string Digits(double number)
    {
        // Without this the shortest form of a long integer would have an exponent, and zero could have a sign.
        var isLongInteger = Math.Abs(number) < 1e21 && number == Math.Truncate(number);
        return isLongInteger && number == 0 ? "0" : number.ToString(isLongInteger ? "F0" : "R", CultureInfo.InvariantCulture);
    }

    // Dates are stored as text, so the result has the form in which text compares like time.
    private static WhereValue DateTime(WhereValue value)
    {
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return value.Type == WhereType.String
            && DateTimeOffset.TryParseExact(value.Text, DateFormats, CultureInfo.InvariantCulture, utc, out var time)
            ? WhereValue.From(time.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture))
            : WhereValue.Undefined;
    }
}
