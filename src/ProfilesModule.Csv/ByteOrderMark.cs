using System.Text;

namespace ProfilesModule.Csv;

/// <summary>
/// The mark at the start of a file that says which encoding of two or four bytes it is in. CsvHelper goes by it whatever
/// encoding is named, and reads what is no text of it as question marks; so it does not get to see it.
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

    /// <summary>The encoding that the mark of a file tells, which fails where the file is no text of it; null when there is no mark.</summary>
    /// <param name="start">The first four bytes of the file, or as many as it has.</param>
    /// <param name="named">The encoding that is named; null for none.</param>
    /// <exception cref="InvalidDataException">The mark is that of another encoding than the one that is named.</exception>
    public static Encoding? EncodingOf(ReadOnlySpan<byte> start, Encoding? named)
    {
        var marked = Marked(start);
        return marked is null || named is null || named.CodePage == marked.CodePage
            ? marked
            : throw new InvalidDataException($"its byte order mark is that of {marked.WebName}, not of {named.WebName}");
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
