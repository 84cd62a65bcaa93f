using System.Globalization;

namespace ProfilesModule.Server;

/// <summary>
/// What the operators and functions of expressions make of values.
/// Source: official segmentation expressions, with what it leaves open decided in docs/architecture.md.
/// </summary>
internal static class WhereOperators
{
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static Func<WhereValue, WhereValue, WhereValue>? Sum(string symbol) => symbol switch
    {
        "+" => Add,
        "-" => (left, right) => Arithmetic(left, right, static (a, b) => a - b),
        _ => null,
    };

    public static Func<WhereValue, WhereValue, WhereValue>? Product(string symbol) => symbol switch
    {
        "*" => (left, right) => Arithmetic(left, right, static (a, b) => a * b),
        "/" => (left, right) => Arithmetic(left, right, static (a, b) => a / b),
        "%" => (left, right) => Arithmetic(left, right, static (a, b) => a % b),
        _ => null,
    };

    public static Func<WhereValue, WhereValue, WhereValue>? Comparison(string symbol) => symbol switch
    {
        "==" => static (left, right) => WhereValue.From(left.Equals(right)),
        "!=" => static (left, right) => WhereValue.From(!left.Equals(right)),
        "<" => (left, right) => Order(left, right, static order => order < 0),
        "<=" => (left, right) => Order(left, right, static order => order <= 0),
        ">" => (left, right) => Order(left, right, static order => order > 0),
        ">=" => (left, right) => Order(left, right, static order => order >= 0),
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
        "defined" => static value => WhereValue.From(value.Type is not (WhereType.Undefined or WhereType.Null)),
        "datetime" => DateTime,
        _ => null,
    };

    public static WhereValue Negate(WhereValue value) => Arithmetic(value, static number => -number);

    public static WhereValue Not(WhereValue value) => value.Type switch
    {
        WhereType.Boolean => WhereValue.From(!value.IsTrue),
        WhereType.Undefined => WhereValue.From(true),
        _ => WhereValue.Undefined,
    };

    public static WhereValue In(WhereValue element, WhereValue container) => (element.Type, container.Type) switch
    {
        (_, WhereType.List) => WhereValue.From(container.Elements.Contains(element)),
        (WhereType.String, WhereType.String) => WhereValue.From(container.Text.Contains(element.Text, StringComparison.Ordinal)),
        _ => WhereValue.Undefined,
    };

    private static WhereValue Add(WhereValue left, WhereValue right) =>
        left.Type == WhereType.String && right.Type == WhereType.String
            ? WhereValue.From(left.Text + right.Text)
            : Arithmetic(left, right, static (a, b) => a + b);

    private static WhereValue Arithmetic(WhereValue left, WhereValue right, Func<double, double, double> apply) =>
        left.Type == WhereType.Number && right.Type == WhereType.Number
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
        WhereType.String when double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) =>
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
        bool isLongInteger = Math.Abs(number) < 1e21 && number == Math.Truncate(number);
        return isLongInteger && number == 0 ? "0" : number.ToString(isLongInteger ? "F0" : "R", CultureInfo.InvariantCulture);
    }

    // Dates are stored as text, so that a date has the form in which text compares like time.
    private static WhereValue DateTime(WhereValue value) =>
        value.Type == WhereType.String
        && DateTimeOffset.TryParseExact(
            value.Text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? WhereValue.From(time.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture))
            : WhereValue.Undefined;
}
