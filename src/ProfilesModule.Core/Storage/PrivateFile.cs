using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ProfilesModule.Storage;

/// <summary>A file is in use by another process, which may let it go later.</summary>
internal sealed class FileInUseException(string message, Exception? cause) : IOException(message, cause);

/// <summary>
/// Files that the module creates: for their owner only, since they hold personal data, and never through a link that others may have
/// placed there.
/// </summary>
internal static class PrivateFile
{
    private const int NamesAt = 16;
    private const int ModeAt = 28;
    private const int TypeBits = 0xF000;
    private const int RegularFile = 0x8000;

    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where the links end that a path leads to; the path itself when it is not a link.</summary>
    public static string Target(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    /// <summary>The file that a path names, behind the links that lead to it.</summary>
    /// <exception cref="IOException">A link leads to another folder, where it may be meant to overwrite something.</exception>
    public static string Real(string path)
    {
        if (IsDevice(path))
            return path;
        var target = Target(path);
        return Path.GetDirectoryName(target) == Path.GetDirectoryName(path)
            ? target
            : throw new IOException($"'{path}' is a link to '{target}', in another folder. Specify that file itself.");
    }

    /// <summary>Whether a path is a device, such as /dev/stdout: a file that took its name would put an end to it.</summary>
    public static bool IsDevice(string path) => !OperatingSystem.IsWindows() && path.StartsWith("/dev/", StringComparison.Ordinal) && File.Exists(path) && TypeOf(path) != RegularFile;

    /// <summary>
    /// Whether a path is a named pipe or a socket, which would block. False where that is not known, as everywhere but on Linux.
    /// </summary>
    public static bool IsPipe(string path) => File.Exists(path) && !IsDevice(path) && TypeOf(path) is not (0 or RegularFile);

    /// <summary>How a file is opened, or created for its owner only.</summary>
    public static FileStreamOptions Options(FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode is not (FileMode.Open or FileMode.Truncate))
            options.UnixCreateMode = OwnersOnly;
        return options;
    }

    /// <summary>Creates a file that does not exist, not even as a link. It has no buffer, so that a full disk is noticed at once.</summary>
    /// <exception cref="IOException">It exists, or cannot be created.</exception>
    public static FileStream CreateNew(string path) => new(path, Options(FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read));

    /// <summary>Opens a file, or creates it. Links are not followed.</summary>
    /// <exception cref="IOException">It is a link, in use, or cannot be created.</exception>
    public static FileStream OpenOrCreate(string path, FileAccess access, FileShare share, FileOptions options = FileOptions.None)
    {
        FileStream Open(FileMode mode)
        {
            var how = Options(mode, access, share);
            how.Options = options;
            return new(path, how);
        }

        try
        {
            return Open(FileMode.CreateNew);
        }
        catch (IOException) when (new FileInfo(path) is { LinkTarget: { } target })
        {
            throw new IOException($"'{path}' is a link to '{target}'. Links are not followed here: remove it.");
        }
        catch (IOException) when (File.Exists(path))
        {
            return Open(FileMode.Open);
        }
    }

    /// <summary>
    /// The text of a file in UTF-8 that another process has locked, of which .NET would respect the lock; null where it cannot be read, as
    /// on Windows.
    /// </summary>
    public static string? TextOfLocked(string path)
    {
        var file = OperatingSystem.IsWindows() ? -1 : Call(() => open(path, 0));
        if (file < 0)
            return null;
        using var reader = new StreamReader(new FileStream(new SafeFileHandle(file, ownsHandle: true), FileAccess.Read));
        return reader.ReadToEnd();
    }

    /// <summary>Opens a device to be written to.</summary>
    public static FileStream OpenDevice(string path) => new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    /// <summary>A path beside another that no file has, and that cannot be guessed.</summary>
    public static string TemporaryPath(string path) => $"{path}.{Path.GetRandomFileName()}.tmp";

    /// <summary>The temporary files beside another that were left behind.</summary>
    public static IEnumerable<string> LeftBehind(string path) =>
        Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".????????.???.tmp").Where(file => new FileInfo(file).LinkTarget is null);

    /// <summary>Whether a file exists that others than its owner may read.</summary>
    public static bool IsOpenToOthers(string path) =>
        !OperatingSystem.IsWindows() && File.Exists(path) && !IsDevice(path) && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0;

    /// <summary>
    /// How many names a file has: more than one where there are hard links to it. 1 where that is not known, as everywhere but on
    /// Linux.
    /// </summary>
    public static int Names(string path) => Status(path) is { } status ? BitConverter.ToInt32(status, NamesAt) : 1;

    /// <summary>The type of a file from its mode; 0 where that is not known.</summary>
    private static int TypeOf(string path) => Status(path) is { } status ? BitConverter.ToUInt16(status, ModeAt) & TypeBits : 0;

    // What statx(2) says; its layout is that of Linux, on any processor.
    private static byte[]? Status(string path)
    {
        const int CurrentFolder = -100;
        const uint TypeAndNames = 1 | 4;
        var status = new byte[256];
        return OperatingSystem.IsLinux() && Call(() => statx(CurrentFolder, path, 0, TypeAndNames, status)) == 0 ? status : null;
    }

    /// <summary>Waits until the disk has the names of the files in a folder, on which a rename relies.</summary>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;

        // .NET opens no folders. Where this does not work, a power cut may bring back the file that was renamed over.
        var folder = Call(() => open(Path.GetDirectoryName(path)!, 0));
        if (folder < 0)
            return;
        _ = fsync(folder);
        _ = close(folder);
    }

    // A C library may have another name, or be too old.
    private static int Call(Func<int> function)
    {
        try
        {
            return function();
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return -1;
        }
    }

#pragma warning disable SA1300, CA5392, SYSLIB1054, CA2101
    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc")]
    private static extern int fsync(int file);

    [DllImport("libc")]
    private static extern int close(int file);

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] status);
}
