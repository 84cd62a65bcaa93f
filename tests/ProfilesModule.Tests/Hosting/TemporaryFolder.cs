using System.Text;

namespace ProfilesModule.Tests.Hosting;

/// <summary>A folder for the files of one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ProfilesModule").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text, Encoding? encoding = null)
    {
        System.IO.File.WriteAllText(File(name), text, encoding ?? new UTF8Encoding(false));
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
