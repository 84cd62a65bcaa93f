using System.Text;

namespace ProfilesModule.Sources.Input;

/// <summary>A format that is not text, or not the text that was expected, told by the first bytes of a file whatever its name.</summary>
/// <param name="Name">What a file in it is, with its article.</param>
/// <param name="Remedy">How its rows can be imported.</param>
internal sealed record FileFormat(string Name, string Remedy)
{
    /// <summary>How many bytes tell a format: the mark of a tar file stands behind its first name.</summary>
    public const int BytesToTell = 512;

    private const string SaveAsCsv = "Save the sheet as CSV in UTF-8 in the program that wrote it, and import that file.";
    private const string ExportAsCsv = "Export its rows as CSV or as lines of JSON, and import that file.";
    private const string Extract =
        "Extract the files in it, for example with Expand-Archive or tar, and import those. "
        + "Of compressed files, only gzip and Zstandard are read directly.";

    private static readonly FileFormat Workbook = new("an Excel workbook or another Office document", SaveAsCsv);
    private static readonly FileFormat OpenDocument = new("an OpenDocument file, such as a spreadsheet", SaveAsCsv);

    // Text cannot begin with any of these: each has a byte that no text has, or more of the format's own words than a header would have.
    private static readonly (byte[] Start, FileFormat Format)[] Known =
    [
        ([.. "PK"u8, 3, 4], new("a ZIP archive", Extract)),
        ([.. "PK"u8, 5, 6], new("an empty ZIP archive", Extract)),
        (
            [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1],
            new("an Excel 97-2003 workbook, or one that is protected by a password", SaveAsCsv)),
        ([.. "PAR1"u8, 0x15], new("a Parquet file", ExportAsCsv)),
        ([.. "Obj"u8, 1], new("an Avro file", ExportAsCsv)),
        ([.. "ARROW1"u8, 0, 0], new("an Arrow file", ExportAsCsv)),
        ([.. "SQLite format 3"u8, 0], new("an SQLite database", ExportAsCsv)),
        ([.. "PGDMP"u8, 1], new("a dump of a PostgreSQL database", ExportAsCsv)),
        ("%PDF-"u8.ToArray(), new("a PDF document", ExportAsCsv)),
        (@"{\rtf"u8.ToArray(), new("an RTF document", SaveAsCsv)),
        ([0xFD, .. "7zXZ"u8, 0], new("an xz file", Extract)),
        ([0x04, 0x22, 0x4D, 0x18], new("an LZ4 file", Extract)),
        ([0xFF, 0x06, 0, 0, .. "sNaPpY"u8], new("a Snappy file", Extract)),
        ([.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C], new("a 7-Zip archive", Extract)),
        ([.. "Rar!"u8, 0x1A, 7], new("a RAR archive", Extract)),
    ];

    // A ZIP file names its first file at this place.
    private const int FirstNameInZip = 30;
    private const int MarkOfTar = 257;

    /// <summary>The format of a file; null when it may be text.</summary>
    /// <param name="start">The first <see cref="BytesToTell"/> bytes of the file, or all of it.</param>
    public static FileFormat? Of(ReadOnlySpan<byte> start)
    {
        foreach (var (mark, format) in Known)
        {
            if (!start.StartsWith(mark))
                continue;
            var isZip = mark is [(byte)'P', (byte)'K', 3, ..] && start.Length > FirstNameInZip;
            return isZip ? InZip(start[FirstNameInZip..]) ?? format : format;
        }

        // The digit of bzip2 says how large its blocks are.
        if (start is [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', .. var block] && block.StartsWith("1AY&SY"u8))
            return new("a bzip2 file", Extract);
        return start.Length > MarkOfTar && start[MarkOfTar..].StartsWith("ustar"u8)
            ? new("a tar archive", Extract)
            : null;
    }

    /// <summary>
    /// UTF-16 text without a byte order mark; null when it is not. Its letters, digits and delimiters are pairs with a zero.
    /// </summary>
    /// <param name="start">The first bytes of the file.</param>
    public static FileFormat? UnmarkedUtf16(ReadOnlySpan<byte> start) => start switch
    {
        [not 0, 0, not 0, 0, not 0, 0, ..] => UnmarkedUtf16("unicode"),
        [0, not 0, 0, not 0, 0, not 0, ..] => UnmarkedUtf16("bigendianunicode"),
        _ => null,
    };

    /// <summary>A text that has rows, but not as CSV; null when it may be CSV.</summary>
    /// <param name="start">The first bytes of the text.</param>
    public static FileFormat? OtherText(ReadOnlySpan<byte> start)
    {
        var text = start.TrimStart("\uFEFF \t\r\n"u8);
        if (IsJson(text))
            return new("JSON", "Use Import-UserProfileJson. Test-UserProfile reads files as JSON whose names end in .json, .jsonl or "
                + ".ndjson.");
        if (text is not [(byte)'<', .. var tag])
            return null;
        if (tag.StartsWith("?xml"u8))
            return new("XML", ExportAsCsv);
        ReadOnlySpan<string> tags = ["!doctype html", "html", "table", "head"];
        foreach (var name in tags)
        {
            var ends = tag.Length > name.Length && tag[name.Length] is (byte)'>' or (byte)' ' or (byte)'\r' or (byte)'\n';
            if (ends && Ascii.EqualsIgnoreCase(tag[..name.Length], name))
                return new("a page of HTML, such as a sign-in page or a table with the extension .xls", SaveAsCsv);
        }

        return null;
    }

    // A column may be called [ or {, so the first member has to be seen.
    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        var blanks = " \t\r\n"u8;
        if (text is [(byte)'[', .. var list])
            text = list.TrimStart(blanks);
        if (text is not [(byte)'{', .. var members] || members.TrimStart(blanks) is not [(byte)'"', .. var name])
            return false;
        return name.IndexOf((byte)'"') is >= 0 and var end && name[(end + 1)..].TrimStart(blanks) is [(byte)':', ..];
    }

    private static FileFormat? InZip(ReadOnlySpan<byte> name)
    {
        if (name.StartsWith("mimetypeapplication/vnd.oasis.opendocument"u8))
            return OpenDocument;
        return name.StartsWith("xl/"u8) || name.StartsWith("[Content_Types].xml"u8) || name.StartsWith("_rels/"u8)
            || name.StartsWith("docProps/"u8)
            ? Workbook
            : null;
    }

    private static FileFormat UnmarkedUtf16(string encoding) =>
        new("UTF-16 text without a byte order mark", $"Specify the encoding of the file with -Encoding {encoding}.");
}

/// <summary>A file is not written as its command reads it, and its first bytes say how it is.</summary>
/// <param name="problem">How it is written.</param>
/// <param name="remedy">How its rows can be imported.</param>
internal sealed class WrongFormatException(string problem, string remedy) : IOException(problem)
{
    /// <summary>How its rows can be imported.</summary>
    public string Remedy { get; } = remedy;

    public static WrongFormatException Of(FileFormat format) => new($"it is {format.Name}", format.Remedy);
}

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
