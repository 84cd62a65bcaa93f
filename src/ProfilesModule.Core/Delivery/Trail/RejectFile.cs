using ProfilesModule.Wire;

namespace ProfilesModule.Delivery.Trail;

/// <summary>
/// The rows of an import that were not accepted, as they stood in their file, with three fields more: <c>_line</c>,
/// <c>_error</c> and <c>_errorId</c>. The same import reads it, and so tries just these rows again. Only whole rows are
/// written. Not thread-safe: its owner locks.
/// </summary>
public sealed class RejectFile : IDisposable
{
    /// <summary>The names of the fields that the file has behind those of its input.</summary>
    public static readonly IReadOnlyList<string> Columns = ["_line", "_error", "_errorId"];

    /// <summary>The field that tells what is wrong with the row.</summary>
    internal static readonly string ErrorColumn = Columns[1];

    private const int MostWaiting = 256 * 1024;

    private readonly GrowingBuffer _waiting = new(4096);
    private readonly FileStream _file;
    private readonly RejectFormat _format;
    private long _written;

    private RejectFile(FileStream file, long written, RejectFormat format) => (_file, _written, _format) = (file, written, format);

    /// <summary>The full path of the file.</summary>
    public string Path => _file.Name;

    /// <summary>The length of the file in bytes, with what was not written yet.</summary>
    internal long Length => _written + _waiting.Length;

    /// <summary>Begins a reject file, which only its owner can read. What the path held is overwritten.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">How it is written.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public static RejectFile Create(string path, RejectFormat format)
    {
        var file = new RejectFile(Open(path, FileMode.Create), 0, format);
        try
        {
            format.WriteHeader(file._waiting);
            file.Flush();
        }
        catch
        {
            file.Dispose();
            throw;
        }

        return file;
    }

    /// <summary>Goes on with a reject file, from a length that a journal names; what follows it is cut off.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">The length in bytes.</param>
    /// <param name="format">How it is written.</param>
    /// <exception cref="InvalidDataException">The file is shorter than that.</exception>
    /// <exception cref="IOException">The file is not there, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public static RejectFile Continue(string path, long length, RejectFormat format)
    {
        var file = Open(path, FileMode.Open);
        try
        {
            if (file.Length < length)
                throw new InvalidDataException($"it has {file.Length} bytes, and the journal says that {length} were written");
            file.SetLength(length);
            file.Seek(0, SeekOrigin.End);
            return new(file, length, format);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Lets the file go.</summary>
    public void Dispose() => _file.Dispose();

    /// <summary>Adds a row; <see cref="Flush"/> writes it.</summary>
    /// <param name="rawRow">The row as it stood in its file, as the reader gave it.</param>
    /// <param name="line">Its line there.</param>
    /// <param name="error">What is wrong.</param>
    /// <param name="errorId">The ErrorId of that.</param>
    /// <returns>Where the row ends.</returns>
    internal long Append(ReadOnlySpan<byte> rawRow, long line, string error, string errorId)
    {
        _format.WriteRow(_waiting, rawRow, line, error, errorId);
        if (_waiting.Length > MostWaiting)
            Flush();
        return Length;
    }

    /// <summary>Where the note of a row stands, for which its <c>_error</c> has room at its end.</summary>
    /// <param name="end">Where the row ends.</param>
    /// <param name="errorId">Its ErrorId.</param>
    internal long NoteOf(long end, string errorId) => end - _format.LengthFromNote(errorId);

    /// <summary>Writes the note that a later row was sent.</summary>
    /// <param name="position">Where it stands.</param>
    internal void WriteNote(long position)
    {
        Flush();
        _file.Seek(position, SeekOrigin.Begin);
        _file.Write(_format.Encoded(LaterRows.Note));
        _file.Seek(_written, SeekOrigin.Begin);
    }

    /// <summary>Where the notes of rows stand that an earlier run wrote; none when they are not what the file holds.</summary>
    /// <param name="rows">All rows of the file, in order.</param>
    internal IReadOnlyList<(ulong Profile, long Note)> NotesOf(IEnumerable<KeptRow> rows)
    {
        var header = new GrowingBuffer(256);
        _format.WriteHeader(header);
        var notes = new List<(ulong Profile, long Note)>();
        var end = (long)header.Length;
        foreach (var row in rows)
        {
            if (end >= _written)
                break;
            end += row.Length;
            if (row.Profile is { } profile)
                notes.Add((profile, NoteOf(end, row.ErrorId)));
        }

        return end == _written ? notes : [];
    }

    /// <summary>Hands what was added to the operating system.</summary>
    internal void Flush()
    {
        if (_waiting.Length == 0)
            return;
        try
        {
            _file.Write(_waiting.WrittenSpan);
        }
        catch (IOException)
        {
            // Half a row must not stay, where it can be helped.
            if (_file.CanSeek)
                _file.SetLength(_written);
            throw;
        }

        _written += _waiting.Length;
        _waiting.CutTo(0);
    }

    /// <summary>Waits until the disk has what was flushed.</summary>
    internal void FlushToDisk() => _file.Flush(flushToDisk: true);

    private static FileStream Open(string path, FileMode mode)
    {
        // Rows gather here and not in the stream, so that only whole ones are ever written.
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (mode == FileMode.Create && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path, options);
    }
}
