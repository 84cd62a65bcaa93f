using System.Globalization;
using System.Text;
using ProfilesModule.Storage;

namespace ProfilesModule.Delivery.Trail;

/// <summary>
/// The file beside a journal that is locked while an import is using the journal, which itself is replaced by others meanwhile. It says
/// how far the journal was written, so that one of which the end is missing, or that an older copy took the place of, is known, and
/// which process is using it. It stays. Not thread-safe: its owner locks.
/// </summary>
internal sealed class JournalLock : IDisposable
{
    /// <summary>What the name of the file ends with.</summary>
    public const string Extension = ".lock";

    // The first line, which has two numbers of 19 digits and a checksum.
    private const int StatusLength = 19 + 1 + 19 + 1 + Checksum.Length;

    private readonly FileStream _file;

    private JournalLock(FileStream file)
    {
        _file = file;
        file.Position = StatusLength + 1;
        var holder = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}\n");
        file.Write(Encoding.UTF8.GetBytes(holder));
        file.SetLength(file.Position);
    }

    /// <summary>Locks a journal.</summary>
    /// <exception cref="FileInUseException">It is locked; the message says by whom where that is known.</exception>
    public static JournalLock Take(string journal)
    {
        FileStream file;
        try
        {
            file = PrivateFile.OpenOrCreate(journal + Extension, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException)
            && new FileInfo(journal + Extension) is { Exists: true, LinkTarget: null })
        {
            throw InUse(journal, e);
        }

        try
        {
            return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The exception for a journal that is in use.</summary>
    public static FileInUseException InUse(string journal, Exception cause)
    {
        var lines = PrivateFile.TextOfLocked(journal + Extension)?.Split('\n');
        return new($"another import is using it{(lines is [_, { Length: > 0 } holder, ..] ? $" ({holder})" : "")}", cause);
    }

    /// <summary>How often the journal had been replaced, and its length, when it was written last; 0 where that is not known.</summary>
    public (long Generation, long Length) LastWritten()
    {
        var bytes = new byte[StatusLength];
        _file.Position = 0;
        var read = _file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var text = Encoding.ASCII.GetString(Checksum.TextOf(bytes.AsSpan(0, read)));
        return text.Split(' ') is [var generation, var length]
            && long.TryParse(generation, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(length, CultureInfo.InvariantCulture, out var end) ? (number, end) : default;
    }

    /// <summary>Notes how far the journal was written.</summary>
    public void NoteWritten(long generation, long length)
    {
        _file.Position = 0;
        _file.Write(Checksum.Line(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{generation:d19} {length:d19}"))));
    }

    public void Dispose() => _file.Dispose();
}
