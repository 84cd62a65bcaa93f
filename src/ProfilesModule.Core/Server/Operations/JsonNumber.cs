using System.Globalization;
using System.Numerics;

namespace ProfilesModule.Server;

/// <summary>Arithmetic on numbers as JSON writes them: exact where they are written without an exponent, else as doubles.</summary>
internal static class JsonNumber
{
    // Beyond this a number is nobody's counter, and exact arithmetic takes its time.
    private const int MaximumExactLength = 1000;

    /// <summary>The sum as JSON, or null if it is too large for a double where it is not exact.</summary>
    public static string? Add(string left, string right)
    {
        if (TryReadExact(left, out BigInteger leftDigits, out int leftScale) && TryReadExact(right, out BigInteger rightDigits, out int rightScale))
        {
            int scale = Math.Max(leftScale, rightScale);
            return Write(Scaled(leftDigits, scale - leftScale) + Scaled(rightDigits, scale - rightScale), scale);
        }
        double sum = Approximate(left) + Approximate(right);
        return double.IsFinite(sum) ? sum.ToString("R", CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Whether two numbers have the same value, however they are written.</summary>
    public static bool AreEqual(string left, string right)
    {
        if (left == right)
            return true;
        if (TryReadExact(left, out BigInteger leftDigits, out int leftScale) && TryReadExact(right, out BigInteger rightDigits, out int rightScale))
        {
            int scale = Math.Max(leftScale, rightScale);
            return Scaled(leftDigits, scale - leftScale) == Scaled(rightDigits, scale - rightScale);
        }
        double leftValue = Approximate(left);
        return double.IsFinite(leftValue) && leftValue == Approximate(right);
    }

    /// <summary>A number that is the same for numbers of the same value.</summary>
    public static int Hash(string number) => Approximate(number) is var value && value == 0 ? 0 : value.GetHashCode();

    private static bool TryReadExact(string number, out BigInteger digits, out int scale)
    {
        digits = default;
        scale = 0;
        if (number.Length > MaximumExactLength || number.AsSpan().ContainsAny('e', 'E'))
            return false;
        int point = number.IndexOf('.', StringComparison.Ordinal);
        scale = point < 0 ? 0 : number.Length - point - 1;
        digits = BigInteger.Parse(point < 0 ? number : number.Remove(point, 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return true;
    }

    private static BigInteger Scaled(BigInteger digits, int places) => places == 0 ? digits : digits * BigInteger.Pow(10, places);

    private static string Write(BigInteger digits, int scale)
    {
        string sign = digits.Sign < 0 ? "-" : "";
        string text = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        string fraction = text[^scale..].TrimEnd('0');
        string whole = text[..^scale];
        return fraction.Length == 0 ? sign + whole : $"{sign}{whole}.{fraction}";
    }

    private static double Approximate(string number) => double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
}
