using System.Globalization;

namespace ProfilesModule.Tests.Hosting;

/// <summary>A test that sends SIGINT to a child process.</summary>
internal sealed class InterruptFactAttribute : FactAttribute
{
    public InterruptFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows has no signal to send to one process: Ctrl+C goes to all that share the console, the test runner among them.";
        else if (Ignores(2))
            Skip = "SIGINT is ignored here, as in a background job, and a child process inherits that.";
    }

    /// <summary>Whether child processes inherit that a signal is ignored; see proc_pid_status(5).</summary>
    internal static bool Ignores(int signal)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        const string Field = "SigIgn:";
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Field, StringComparison.Ordinal));
        return (ulong.Parse(line.AsSpan(Field.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) & (1UL << (signal - 1))) != 0;
    }
}
