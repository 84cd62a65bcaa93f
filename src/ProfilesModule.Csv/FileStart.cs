using System.Text;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Csv;

/// <summary>
/// The mark at the start of a file that says which encoding of two or four bytes it is in. CsvHelper goes by it whatever
/// encoding is named, and reads what is invalid in it as question marks, so it never sees the mark.
/// </summary>
internal static class ByteOrderMark
{
    private static readonly Encoding[] Encodings =
    [
        // UTF-32 first: its mark begins with that of UTF-16.
        new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
    ];

    /// <summary>The encoding that the mark names, which fails on invalid text; null when there is no mark.</summary>
    /// <exception cref="InvalidDataException">The mark is that of another encoding than the one that is named.</exception>
    public static Encoding? EncodingOf(ReadOnlySpan<byte> start, Encoding? named)
    {
        var marked = Marked(start);
        return marked is null || named is null || named.CodePage == marked.CodePage
            ? marked
            : throw new InvalidDataException($"its byte order mark is for {marked.WebName}, not for {named.WebName}");
    }

    private static Encoding? Marked(ReadOnlySpan<byte> start)
    {
        foreach (var encoding in Encodings)
        {
            if (start.StartsWith(encoding.Preamble))
                return encoding;
        }

        return null;
    }
}

/// <summary>The lines of a file that stand before its header. They are not CSV, so a quote in them has no meaning.</summary>
internal static class SkippedLines
{
    // Before there is any CSV: a title with a quote in it must not take the header with it.
    /// <summary>Passes over lines; there may be fewer.</summary>
    public static void PassOver(PeekableStream text, int lines, Encoding encoding)
    {
        // A line break of two bytes or four stands where such a character may stand, since the text is passed over in their steps.
        var (lineFeed, carriageReturn) = (encoding.GetBytes("\n"), encoding.GetBytes("\r"));
        while (lines > 0 && text.Peek(lineFeed.Length) is { IsEmpty: false } next)
        {
            var isReturn = next.SequenceEqual(carriageReturn);
            if (isReturn || next.SequenceEqual(lineFeed))
                lines--;
            text.Skip(next.Length);
            if (isReturn && text.Peek(lineFeed.Length).SequenceEqual(lineFeed))
                text.Skip(lineFeed.Length);
        }
    }
}
