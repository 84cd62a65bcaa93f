using ProfilesModule.Storage;

namespace ProfilesModule.Export;

/// <summary>
/// A file that has its name only once it is whole: until <see cref="Commit"/> it lies beside that name under another, and a
/// file that had the name before stays as it was. Only the user may read it, since
/// profiles are personal data, unless it takes the place of a file that others may read.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _target;
    private readonly string? _temporary;
    private readonly bool _overwrite;
    private readonly FileStream _stream;

    /// <summary>Starts a file.</summary>
    public AtomicFile(string path, bool overwrite)
    {
        _target = TargetOf(path);
        _overwrite = overwrite;
        _temporary = PrivateFile.IsDevice(_target) ? null : TemporaryPath(_target);
        _stream = _temporary is null ? PrivateFile.OpenDevice(_target) : PrivateFile.CreateNew(_temporary);
    }

    /// <summary>Where the content goes.</summary>
    public Stream Stream => _stream;

    /// <summary>A path that no file has: beside another, where there is room for it and renaming is possible; for a device, among temporary files.</summary>
    public static string TemporaryPath(string path) =>
        PrivateFile.TemporaryPath(PrivateFile.IsDevice(path) ? Path.Combine(Path.GetTempPath(), Path.GetFileName(path)) : path);

    /// <summary>Writes everything to disk and gives the file its name.</summary>
    /// <exception cref="UnauthorizedAccessException">The file that exists must not be overwritten.</exception>
    public void Commit()
    {
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        if (_temporary is null)
            return;
        var isReadOnly = File.Exists(_target) && File.GetAttributes(_target).HasFlag(FileAttributes.ReadOnly);
        if (isReadOnly && _overwrite)
            File.SetAttributes(_target, File.GetAttributes(_target) & ~FileAttributes.ReadOnly);
        if (!OperatingSystem.IsWindows() && _overwrite && File.Exists(_target))
            File.SetUnixFileMode(_temporary, File.GetUnixFileMode(_target));
        File.Move(_temporary, _target, _overwrite);
        if (isReadOnly)
            File.SetAttributes(_target, File.GetAttributes(_target) | FileAttributes.ReadOnly);
    }

    /// <summary>Removes what was not committed.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        if (_temporary is not null)
            File.Delete(_temporary);
    }

    /// <summary>The file behind a link, whose place a new file takes; else the path itself. Links among devices lead to what has no path.</summary>
    internal static string TargetOf(string path) => File.Exists(path) && !PrivateFile.IsDevice(path) ? PrivateFile.Target(path) : path;
}
