namespace ProfilesModule.Tests.Hosting;

/// <summary>A test that needs a disk without room.</summary>
internal sealed class FullDiskFactAttribute : FactAttribute
{
    public const string Path = "/dev/full";

    public FullDiskFactAttribute()
    {
        if (!File.Exists(Path))
            Skip = $"Needs {Path}, which fails every write as a full disk does.";
    }
}
