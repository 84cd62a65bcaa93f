using System.Globalization;

namespace ProfilesModule.Tests.Hosting;

/// <summary>A test that sends SIGINT to a child process.</summary>
internal sealed class InterruptFactAttribute : FactAttribute
{
    private const ulong SigIntMask = 1UL << (2 - 1);

    public InterruptFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows has no signal to send to one process: Ctrl+C goes to all that share the console, the test runner among them.";
        else if (OperatingSystem.IsLinux() && IgnoresInterrupts())
            Skip = "SIGINT is ignored here, as in a background job, and a child process inherits that.";
    }

    /// <summary>Reads the mask of ignored signals; see proc_pid_status(5).</summary>
    private static bool IgnoresInterrupts()
    {
        const string Field = "SigIgn:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Field, StringComparison.Ordinal));
        return (ulong.Parse(line.AsSpan(Field.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) & SigIntMask) != 0;
    }
}
