namespace ProfilesModule.Tests.Hosting;

/// <summary>Tests what only Unix has, once for each set of arguments.</summary>
internal sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows has no such thing.";
    }
}
