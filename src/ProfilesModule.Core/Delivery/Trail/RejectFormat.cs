using ProfilesModule.Wire;

namespace ProfilesModule.Delivery.Trail;

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
