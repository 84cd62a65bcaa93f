using System.Text;
using System.Text.RegularExpressions;
using ProfilesModule.Sources;
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

/// <summary>What stands in a file before its header or first row, and is not CSV.</summary>
internal static partial class CsvStart
{
    private const int MaximumSeparatorLine = 64;

    /// <summary>Fails where the start of a file says that it is not CSV, or in an encoding that has to be named.</summary>
    /// <param name="text">The file, decompressed, at its start.</param>
    /// <param name="named">The encoding that was named.</param>
    /// <exception cref="WrongFormatException">It is not.</exception>
    public static void RequireText(PeekableStream text, Encoding? named)
    {
        var start = text.PeekRead(FileFormat.BytesToTell);
        if (named is not (UnicodeEncoding or UTF32Encoding) && Format(start) is { } format)
            throw WrongFormatException.Of(format);
    }

    private static FileFormat? Format(ReadOnlySpan<byte> start) =>
        FileFormat.UnmarkedUtf16(start.TrimStart("\uFEFF"u8)) ?? FileFormat.OtherText(start);

    /// <summary>
    /// Passes over the lines before the header or the first row, and over byte order marks but one: CsvHelper takes that.
    /// </summary>
    /// <param name="text">The file, behind the mark of an encoding of two or four bytes.</param>
    /// <param name="dialect">How it is written.</param>
    /// <param name="encoding">Its encoding.</param>
    /// <returns>The number of lines.</returns>
    /// <exception cref="WrongFormatException">Its first line names another delimiter.</exception>
    public static int PassOver(PeekableStream text, CsvDialect dialect, Encoding encoding)
    {
        PassOverMarks(text, encoding);
        var lines = dialect.SkipRows > 0 ? dialect.SkipRows : HasSeparatorLine(text, dialect.Delimiter, encoding) ? 1 : 0;
        PassOverLines(text, lines, encoding);
        if (lines > 0)
            PassOverMarks(text, encoding);
        return lines;
    }

    // Files that were appended to each other, or written by a program that adds a mark to a text that has one, begin with several.
    private static void PassOverMarks(PeekableStream text, Encoding encoding)
    {
        if (encoding is not (UTF8Encoding or UnicodeEncoding or UTF32Encoding))
            return;
        var mark = encoding.GetBytes("\uFEFF");
        while (text.Peek(mark.Length).SequenceEqual(mark) && (encoding is not UTF8Encoding || text.Peek(2 * mark.Length).EndsWith(mark)))
            text.Skip(mark.Length);
    }

    /// <summary>
    /// Whether the file begins with the line that tells a spreadsheet the delimiter. What it names must be the delimiter of the
    /// import.
    /// </summary>
    private static bool HasSeparatorLine(PeekableStream text, char delimiter, Encoding encoding)
    {
        var lenient = (Encoding)encoding.Clone();
        lenient.DecoderFallback = DecoderFallback.ReplacementFallback;
        var named = SeparatorLine().Match(lenient.GetString(text.PeekRead(MaximumSeparatorLine)));
        if (!named.Success)
            return false;
        return named.Groups["delimiter"].Value is [var separator] && separator == delimiter
            ? true
            : throw new WrongFormatException(
                $"its first line, sep={named.Groups["delimiter"].Value}, names another delimiter than -Delimiter",
                $"Specify -Delimiter {(named.Groups["delimiter"].Value == "\t" ? "\"`t\"" : $"'{named.Groups["delimiter"].Value}'")}.");
    }

    // Before there is any CSV: a title with a quote in it must not take the header with it.
    private static void PassOverLines(PeekableStream text, int lines, Encoding encoding)
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

    [GeneratedRegex(
        """^\uFEFF?"?sep=(?<delimiter>[^"\r\n])"?,*;*\s*?(\r|\n|\z)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SeparatorLine();
}
