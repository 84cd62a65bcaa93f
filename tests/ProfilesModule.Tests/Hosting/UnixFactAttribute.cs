namespace ProfilesModule.Tests.Hosting;

/// <summary>A test that needs a POSIX shell.</summary>
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Needs a POSIX shell to put two streams into one.";
    }
}
