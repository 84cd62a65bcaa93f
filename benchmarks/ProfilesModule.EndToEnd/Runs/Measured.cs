using System.Globalization;

namespace ProfilesModule.Benchmarks.EndToEnd.Runs;

/// <summary>What the runs of one program came to: medians.</summary>
/// <param name="Rows">How many rows it delivered in each run.</param>
/// <param name="Seconds">From start to exit.</param>
/// <param name="CpuSeconds">User and system time.</param>
/// <param name="PeakBytes">The largest working set.</param>
/// <param name="Figures">What the program itself printed as <c>name=number</c>.</param>
internal sealed record Measured(int Rows, double Seconds, double CpuSeconds, double PeakBytes, IReadOnlyDictionary<string, double> Figures)
{
    /// <summary>Rows a second, gross.</summary>
    public double Rate => Rows / Seconds;

    /// <summary>CPU seconds a million rows, gross.</summary>
    public double CpuPerMillion => CpuSeconds / Rows * 1e6;

    /// <summary>The largest working set in MB, of 1024 × 1024 bytes.</summary>
    public double PeakMegabytes => PeakBytes / (1 << 20);

    /// <summary>The same without what the program costs before and after its work.</summary>
    /// <param name="start">A run that does none.</param>
    public Measured Net(Measured start) => this with { Seconds = Seconds - start.Seconds, CpuSeconds = CpuSeconds - start.CpuSeconds };

    public static Measured Median(IReadOnlyList<Measured> runs) => new(
        runs[0].Rows,
        Median(runs.Select(r => r.Seconds)),
        Median(runs.Select(r => r.CpuSeconds)),
        Median(runs.Select(r => r.PeakBytes)),
        runs[0].Figures.Keys.ToDictionary(name => name, name => Median(runs.Select(r => r.Figures[name]))));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds:0.00} s, {CpuSeconds:0.00} s CPU, {PeakMegabytes:0} MB, {Rate:0} rows/s")
        + string.Concat(Figures.Select(f => string.Create(CultureInfo.InvariantCulture, $", {f.Key}={f.Value:0.###}")));

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
