using System.Globalization;
using System.Text;
using ProfilesModule.Sources;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery.Trail;

/// <summary>
/// The rows of an import that were not accepted, as they stood in their file, with three columns more: <c>_line</c>,
/// <c>_error</c> and <c>_errorId</c>. The same import reads it, and so tries just these rows again. Only whole rows are
/// written. Not thread-safe: its owner locks.
/// </summary>
public sealed class RejectFile : IDisposable
{
    /// <summary>The names of the columns that the file has behind those of its input.</summary>
    public static readonly IReadOnlyList<string> Columns = ["_line", "_error", "_errorId"];

    private const int MostWaiting = 256 * 1024;

    private readonly GrowingBuffer _waiting = new(4096);
    private readonly FileStream _file;
    private readonly byte _delimiter;
    private readonly Encoding? _encoding;
    private readonly int _columns;
    private long _written;

    private RejectFile(FileStream file, long written, char delimiter, Encoding? encoding, int columns)
    {
        _written = written;
        _file = file;
        _delimiter = (byte)delimiter;
        _encoding = encoding is UTF8Encoding ? null : encoding;
        _columns = columns;
    }

    /// <summary>The length of the file in bytes, with what was not written yet.</summary>
    internal long Length => _written + _waiting.Length;

    /// <summary>Whether a file is there and has more than a first line.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public static bool HoldsRows(string path)
    {
        // A device has no length, and might have no end.
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
            return false;
        using var reader = new StreamReader(path);
        return reader.ReadLine() is not null && reader.Peek() >= 0;
    }

    /// <summary>Begins a reject file, which only its owner can read. What the path held is overwritten.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">The columns of the input.</param>
    /// <param name="delimiter">What separates fields in the input.</param>
    /// <param name="encoding">The encoding that the input is read with; null for UTF-8.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public static RejectFile Create(string path, IReadOnlyList<string> header, char delimiter, Encoding? encoding)
    {
        var file = new RejectFile(Open(path, FileMode.Create), 0, delimiter, encoding, header.Count);
        try
        {
            if (encoding is not null)
                file._waiting.Write(encoding.Preamble);
            file.WriteHeader(header);
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
    /// <param name="columns">How many columns the input has.</param>
    /// <param name="delimiter">What separates fields in the input.</param>
    /// <param name="encoding">The encoding that the input is read with; null for UTF-8.</param>
    /// <exception cref="InvalidDataException">The file is shorter than that.</exception>
    /// <exception cref="IOException">The file is not there, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public static RejectFile Continue(string path, long length, int columns, char delimiter, Encoding? encoding)
    {
        var file = Open(path, FileMode.Open);
        try
        {
            if (file.Length < length)
                throw new InvalidDataException($"it has {file.Length} bytes, and the journal says that {length} were written");
            file.SetLength(length);
            file.Seek(0, SeekOrigin.End);
            return new(file, length, delimiter, encoding, columns);
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
    internal void Append(ReadOnlySpan<byte> rawRow, long line, string error, string errorId)
    {
        // A quote that is never closed would take what follows for its own, and what is left of a row would look like a whole one.
        if (EndsInsideQuotes(rawRow) || errorId == nameof(RowFault.RejectRowDamaged))
            WriteAsOneField(rawRow);
        else
            Write(rawRow);
        Write(_delimiter);
        WriteField(line.ToString(CultureInfo.InvariantCulture));
        Write(_delimiter);
        Write(Quoted(Encoding.UTF8.GetBytes(error.ReplaceLineEndings(" "))));
        Write(_delimiter);
        WriteField(errorId);
        Write((byte)'\n');
        if (_waiting.Length > MostWaiting)
            Flush();
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

    private void WriteHeader(IReadOnlyList<string> header)
    {
        foreach (var name in header)
        {
            WriteField(name);
            Write(_delimiter);
        }

        for (var i = 0; i < Columns.Count; i++)
        {
            if (i > 0)
                Write(_delimiter);
            WriteField(Columns[i]);
        }

        Write((byte)'\n');
    }

    private void WriteField(string text) => Write(NeedsQuotes(text) ? Quoted(Encoding.UTF8.GetBytes(text)) : Encoding.UTF8.GetBytes(text));

    // As one field, or two where one would look like a whole row, so that it cannot be taken for one.
    private void WriteAsOneField(ReadOnlySpan<byte> rawRow)
    {
        Write(Quoted(rawRow));
        if (_columns == 1)
            Write(_delimiter);
    }

    private bool EndsInsideQuotes(ReadOnlySpan<byte> row)
    {
        while (true)
        {
            if (row is [(byte)'"', ..])
            {
                do
                {
                    var quote = row[1..].IndexOf((byte)'"');
                    if (quote < 0)
                        return true;
                    row = row[(quote + 2)..];
                }
                while (row is [(byte)'"', ..]);
            }

            // Behind a quote that closes a field, others are text.
            var delimiter = row.IndexOf(_delimiter);
            if (delimiter < 0)
                return false;
            row = row[(delimiter + 1)..];
        }
    }

    // At the start of the file other characters might be taken for a byte order mark.
    private bool NeedsQuotes(string text) =>
        text.AsSpan().ContainsAny((char)_delimiter, '"', '\n') || text.Contains('\r') || text is [< ' ' or > '~', ..] || text != text.Trim();

    private static byte[] Quoted(ReadOnlySpan<byte> utf8)
    {
        var quoted = new GrowingBuffer(utf8.Length + 16);
        quoted.Write((byte)'"');
        for (var quote = utf8.IndexOf((byte)'"'); quote >= 0; quote = utf8.IndexOf((byte)'"'))
        {
            quoted.Write(utf8[..(quote + 1)]);
            quoted.Write((byte)'"');
            utf8 = utf8[(quote + 1)..];
        }

        quoted.Write(utf8);
        quoted.Write((byte)'"');
        return quoted.WrittenSpan.ToArray();
    }

    private void Write(byte value) => Write([value]);

    private void Write(ReadOnlySpan<byte> utf8) => _waiting.Write(_encoding is null ? utf8 : Encoding.Convert(Encoding.UTF8, _encoding, utf8.ToArray()));
}
