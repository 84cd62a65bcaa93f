using ProfilesModule.Storage;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery.Trail;

/// <summary>
/// The reject file of a run, which <see cref="RejectFields"/> describes. Only whole rows are written. Not thread-safe: its
/// owner locks.
/// </summary>
internal sealed class RejectFile(FileStream file, long written, uint sum, RejectFormat format) : IDisposable
{
    private const int MostWaiting = 256 * 1024;

    private readonly GrowingBuffer _waiting = new(4096);
    private byte[]? _room;
    private long _written = written;

    /// <summary>Whether it had rows that the journal does not know, of which a copy was made.</summary>
    public bool HadOtherRows { get; private set; }

    /// <summary>The length of the file in bytes, with what was not written yet.</summary>
    internal long Length => _written + _waiting.Length;

    /// <summary>The checksum of that, with the notes as they were at first.</summary>
    internal uint Sum { get; private set; } = sum;

    /// <summary>Begins a reject file, which only its owner can read. The rows that the path held were set aside before.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">How it is written.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public static RejectFile Create(string path, RejectFormat format)
    {
        var stream = PrivateFile.IsDevice(path)
            ? PrivateFile.OpenDevice(path)
            : PrivateFile.OpenOrCreate(path, FileAccess.Write, FileShare.None);
        if (stream.CanSeek)
            stream.SetLength(0);
        var file = new RejectFile(stream, 0, 0, format);
        try
        {
            format.WriteHeader(file._waiting);
            file.Sum = Checksum.Of(file._waiting.WrittenSpan);
            file.Flush();
        }
        catch
        {
            file.Dispose();
            throw;
        }

        return file;
    }

    /// <summary>
    /// Goes on with a reject file, from a length that a journal names. What follows it is cut off; whole rows, which a run that was
    /// killed or another import wrote, are kept in a copy.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="length">The length in bytes.</param>
    /// <param name="sum">The checksum of so much of it.</param>
    /// <param name="rows">Its rows, where they have notes.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="copy">Where a copy goes.</param>
    /// <exception cref="InvalidDataException">The file is shorter than that, or another one.</exception>
    /// <exception cref="IOException">The file is not there, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public static RejectFile Continue(string path, long length, uint sum, IReadOnlyList<KeptRow> rows, RejectFormat format, string copy)
    {
        var stream = new FileStream(path, PrivateFile.Options(FileMode.Open, FileAccess.ReadWrite, FileShare.None));
        try
        {
            if (stream.Length < length)
                throw new InvalidDataException($"it has {stream.Length} bytes, but the journal says that {length} were written");
            var file = new RejectFile(stream, length, sum, format);
            if (file.SumOf(file.Notes(rows)) != sum)
                throw new InvalidDataException("it is not the one that the import wrote, or was changed since");
            file.HadOtherRows = HasRow(stream);
            if (file.HadOtherRows)
                Copy(stream, copy);
            stream.SetLength(length);
            stream.Seek(0, SeekOrigin.End);
            return file;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Lets the file go.</summary>
    public void Dispose() => file.Dispose();

    /// <summary>Adds a row; <see cref="Flush"/> writes it.</summary>
    /// <param name="rawRow">The row as it stood in its file, as the reader gave it.</param>
    /// <param name="line">Its line there.</param>
    /// <param name="error">What is wrong.</param>
    /// <param name="errorId">The ErrorId of that.</param>
    /// <param name="hasNote">Whether the error ends with the note that a later row was sent, or with room for it.</param>
    /// <returns>Where that note stands.</returns>
    internal long Append(ReadOnlySpan<byte> rawRow, long line, string error, string errorId, bool hasNote)
    {
        var start = _waiting.Length;
        format.WriteRow(_waiting, rawRow, line, error, errorId);
        var row = _waiting.WrittenSpan[start..];
        var note = row.Length - format.LengthFromNote(errorId);
        Sum = hasNote
            ? Checksum.Of(row[(note + Room.Length)..], Checksum.Of(Room, Checksum.Of(row[..note], Sum)))
            : Checksum.Of(row, Sum);
        var position = _written + start + note;
        if (_waiting.Length > MostWaiting)
            Flush();
        return position;
    }

    /// <summary>Writes the note that a later row was sent.</summary>
    /// <param name="position">Where it stands.</param>
    internal void WriteNote(long position)
    {
        Flush();
        file.Seek(position, SeekOrigin.Begin);
        file.Write(format.Encoded(RejectFields.LaterRowSent));
        file.Seek(_written, SeekOrigin.Begin);
    }

    /// <summary>Where the notes of rows stand that an earlier run wrote.</summary>
    /// <param name="rows">All rows of the file, in order.</param>
    internal IEnumerable<(ulong? Profile, long Position)> Notes(IEnumerable<KeptRow> rows)
    {
        var header = new GrowingBuffer(256);
        format.WriteHeader(header);
        var end = (long)header.Length;
        foreach (var row in rows)
        {
            end += row.Length;
            if (end > _written)
                break;
            if (row.Reason is { } reason && (reason.IsSuperseded || reason.HasRoomForNote))
                yield return (reason.IsSuperseded ? null : row.Profile, end - format.LengthFromNote(reason.ErrorId));
        }
    }

    private byte[] Room => _room ??= format.Encoded(RejectFields.RoomForNote);

    /// <summary>Whether a row ends in what is left of a file.</summary>
    private static bool HasRow(FileStream file)
    {
        var buffer = new byte[64 * 1024];
        for (int length; (length = file.Read(buffer)) > 0;)
        {
            if (buffer.AsSpan(0, length).Contains((byte)'\n'))
                return true;
        }

        return false;
    }

    private static void Copy(FileStream file, string path)
    {
        using var copy = PrivateFile.CreateNew(path);
        file.Position = 0;
        file.CopyTo(copy);
    }

    /// <summary>The checksum of what is in the file, with the notes as they were at first.</summary>
    private uint SumOf(IEnumerable<(ulong? Profile, long Position)> notes)
    {
        var sum = 0u;
        var buffer = new byte[64 * 1024];
        file.Position = 0;
        foreach (var (_, position) in notes)
        {
            Read(position);
            sum = Checksum.Of(Room, sum);
            file.Position = position + Room.Length;
        }

        Read(_written);
        return sum;

        void Read(long end)
        {
            while (file.Position < end)
            {
                var length = file.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - file.Position)));
                if (length == 0)
                    return;
                sum = Checksum.Of(buffer.AsSpan(0, length), sum);
            }
        }
    }

    /// <summary>Hands what was added to the operating system.</summary>
    internal void Flush()
    {
        if (_waiting.Length == 0)
            return;
        try
        {
            file.Write(_waiting.WrittenSpan);
        }
        catch (IOException)
        {
            // Half a row must not stay, where it can be helped.
            if (file.CanSeek)
                file.SetLength(_written);
            throw;
        }

        _written += _waiting.Length;
        _waiting.Truncate(0);
        _waiting.Shrink(MostWaiting);
    }

    /// <summary>Waits until the disk has what was flushed.</summary>
    internal void FlushToDisk() => file.Flush(flushToDisk: true);
}

/// <summary>How a reject file is written: as the input is, so that the same import reads it.</summary>
internal abstract class RejectFormat
{
    /// <summary>Whether a file is there and holds rows.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public abstract bool HoldsRows(string path);

    /// <summary>Writes what stands before the first row.</summary>
    internal abstract void WriteHeader(GrowingBuffer file);

    /// <summary>Writes a row as it stood in its file, and what was wrong with it.</summary>
    internal abstract void WriteRow(GrowingBuffer file, ReadOnlySpan<byte> rawRow, long line, string error, string errorId);

    /// <summary>What follows the text of <c>_error</c>.</summary>
    private protected abstract string EndOf(string errorId);

    /// <summary>A text in the encoding of the file.</summary>
    internal abstract byte[] Encoded(string ascii);

    /// <summary>How many bytes the note at the end of <c>_error</c>, and what follows it, take.</summary>
    internal int LengthFromNote(string errorId) => Encoded(RejectFields.LaterRowSent + EndOf(errorId)).Length;
}
