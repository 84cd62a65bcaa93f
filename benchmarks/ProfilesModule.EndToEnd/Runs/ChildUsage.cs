using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ProfilesModule.Benchmarks.EndToEnd.Runs;

/// <summary>What child processes used of the machine. Exact on Unix and on Windows but for the peak, which is read while the process runs.</summary>
internal static partial class ChildUsage
{
    private const int OfEndedChildren = -1;

    // struct rusage: two timevals, then fourteen longs. A timeval is two words on 64-bit Linux and macOS.
    private const int Words = 18;

    /// <summary>The CPU time, user and system, of all children that have ended, with those that they waited for. Unix only.</summary>
    public static TimeSpan OfEnded()
    {
        Span<long> usage = stackalloc long[Words];
        if (GetUsage(OfEndedChildren, ref MemoryMarshal.GetReference(usage)) != 0)
            throw new InvalidOperationException($"getrusage failed with {Marshal.GetLastPInvokeError()}.");

        // The microseconds are an int on macOS, with padding behind it.
        return TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds((int)usage[1] + (int)usage[3]);
    }

    /// <summary>The largest working set that a process has had so far; null when it has ended.</summary>
    public static long? Peak(Process process)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                process.Refresh();
                return process.PeakWorkingSet64;
            }

            // The kernel's own mark. Process reads it too, but with everything on every thread, which costs what is measured.
            var line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? null : long.Parse(line.AsSpan(6, line.Length - 6 - 2).Trim(), CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static partial int GetUsage(int who, ref long usage);
}
