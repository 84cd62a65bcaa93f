namespace ProfilesModule.Sources.Input;

/// <summary>
/// The text of a file, as it is or decompressed. What is compressed is known by its content, whatever the name of the file.
/// </summary>
internal static class TextInput
{
    /// <summary>Opens the text of a file, at its start.</summary>
    /// <param name="file">The file, at its start, which is disposed of with the text.</param>
    /// <param name="zstandard">Decompresses Zstandard; null where it is not read.</param>
    /// <returns>The file itself if it is not compressed.</returns>
    /// <exception cref="InvalidDataException">It is in a format that is not text, or its compressed data is damaged.</exception>
    public static PeekableStream Of(PeekableStream file, Func<Stream, Stream>? zstandard)
    {
        var start = file.Peek(4);
        var text = file;
        if (GzipInput.Reads(start))
            text = new(new GzipInput(file));
        else if (IsZstandard(start) && zstandard is not null)
            text = new(zstandard(file));
        try
        {
            return FileFormat.Of(text.PeekRead(FileFormat.BytesToTell)) is { } format ? throw WrongFormatException.Of(format) : text;
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }

    // A frame, or one that is to be skipped, such as an index before the first.
    private static bool IsZstandard(ReadOnlySpan<byte> start) =>
        start is [0x28, 0xB5, 0x2F, 0xFD] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18];
}
