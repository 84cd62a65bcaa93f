namespace ProfilesModule.Tests.Hosting;

/// <summary>A test of the permissions of files.</summary>
internal sealed class PermissionFactAttribute : FactAttribute
{
    public PermissionFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows gives a file the permissions of its folder.";
    }
}
