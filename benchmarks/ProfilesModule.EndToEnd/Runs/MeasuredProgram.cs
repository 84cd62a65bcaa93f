using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ProfilesModule.Benchmarks.EndToEnd.Runs;

/// <summary>A program that is run and measured as a whole process.</summary>
/// <param name="Name">What the log calls it.</param>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed partial record MeasuredProgram(string Name, string FileName, IReadOnlyList<string> Arguments)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>How many rows it works on.</summary>
    public int Rows { get; init; } = 1;

    /// <summary>What has to arrive at the sink, each exactly once; null for a program that sends nothing there.</summary>
    public (int Records, ulong IdSum)? Arrives { get; init; }

    /// <summary>Brings about what it needs, before each run and not measured.</summary>
    public Action? Prepare { get; init; }

    /// <summary>Runs it once.</summary>
    /// <exception cref="InvalidOperationException">It failed, or something else arrived than should have.</exception>
    public async Task<Measured> RunAsync(SinkProcess sink)
    {
        Prepare?.Invoke();
        await sink.ResetAsync();
        var cpuBefore = OperatingSystem.IsWindows() ? TimeSpan.Zero : ChildUsage.OfEnded();
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(FileName, Arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var peak = 0L;
        do
        {
            peak = Math.Max(peak, ChildUsage.Peak(process) ?? 0);
        }
        while (!process.WaitForExit(BetweenLooks));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var cpu = OperatingSystem.IsWindows() ? process.TotalProcessorTime : ChildUsage.OfEnded() - cpuBefore;
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Name} ended with exit code {process.ExitCode}: {await output}{await errors}");
        if (Arrives is var (records, idSum) && await sink.CountersAsync() is var counters && (counters.Records, counters.IdSum) != (records, idSum))
            throw new InvalidOperationException($"{Name}: {counters.Records} records arrived where {records} should have, each exactly once. {await output}{await errors}");
        return new(Rows, seconds, cpu.TotalSeconds, peak, Figures(await output));
    }

    private static Dictionary<string, double> Figures(string output) =>
        Figure().Matches(output).ToDictionary(m => m.Groups[1].Value, m => double.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^(\w+)=([\d.]+)\r?$", RegexOptions.Multiline)]
    private static partial Regex Figure();
}
