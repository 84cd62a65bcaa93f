using System.Globalization;

namespace ProfilesModule.Benchmarks.EndToEnd;

/// <summary>A row of the table.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Here">The figure of the module.</param>
/// <param name="There">What it is compared with, and its figure.</param>
/// <param name="Ratio">The ratio of the two; net of what the host costs where the gross one stands beside it.</param>
/// <param name="GrossRatio">The gross ratio, where the other is net.</param>
/// <param name="Target">What is asked for.</param>
/// <param name="IsMet">Whether that was reached; null when it was not measured, or nothing is asked.</param>
internal sealed record Result(string What, string Here, string There, string Ratio, string GrossRatio, string Target, bool? IsMet)
{
    /// <summary>A row for what was not measured.</summary>
    public static Result NotRun(string what, string target, string reason) => new(what, "", "", "", "", target, null) { Reason = reason };

    /// <summary>Why it was not measured; null when nothing is asked of it.</summary>
    public string? Reason { get; private init; }

    /// <summary>A ratio that is to be at least so much.</summary>
    public static Result RatioAtLeast(double target, string what, string unit, double here, string thereName, double there, double ratio, double? grossRatio = null) => new(
        what, $"{Number(here)} {unit}", $"{thereName}: {Number(there)} {unit}", $"{ratio:0.00}", grossRatio is null ? "" : $"{grossRatio:0.00}", $"≥ {target} ×", ratio >= target);

    /// <summary>A ratio that is to be at most so much.</summary>
    public static Result RatioAtMost(double target, string what, string unit, double here, string thereName, double there, double ratio, double? grossRatio = null) =>
        RatioAtLeast(target, what, unit, here, thereName, there, ratio, grossRatio) with { Target = $"≤ {target} ×", IsMet = ratio <= target };

    /// <summary>The most that a ratio could be, which the module has no part in.</summary>
    public static Result Bound(string what, string unit, string thereName, double there, double bound) =>
        new(what, "", $"it: {Number(bound)} {unit}, {thereName}: {Number(there)} {unit}", $"{bound / there:0.00}", "", "", null);

    /// <summary>A figure that is to be at least so much.</summary>
    public static Result AtLeast(double target, string what, string unit, double here, string there = "") =>
        new(what, $"{Number(here)} {unit}", there, "", "", $"≥ {Number(target)} {unit}", here >= target);

    /// <summary>A figure that is to be at most so much.</summary>
    public static Result AtMost(double target, string what, string unit, double here, string there = "") =>
        new(what, $"{Number(here)} {unit}", there, "", "", $"≤ {Number(target)} {unit}", here <= target);

    private static string Number(double value) => Math.Abs(value) >= 100 ? value.ToString("N0", CultureInfo.InvariantCulture) : value.ToString("0.##", CultureInfo.InvariantCulture);
}
