using System.Text;
using System.Text.Unicode;
using ProfilesModule.Sources.Input;

namespace ProfilesModule.Sources;

/// <summary>How a CSV file seems to be written, for somebody who can see its rows and correct it.</summary>
/// <param name="Encoding">The name of its encoding; null for UTF-8, or what its byte order mark says.</param>
/// <param name="Delimiter">What separates its fields.</param>
/// <param name="HasHeader">Whether its first row has the names of its columns.</param>
internal sealed record CsvForm(string? Encoding, char Delimiter, bool HasHeader)
{
    private const int BytesToTell = 64 * 1024;
    private const int LongestCharacter = 4;
    private const int RowsToTell = 100;
    private const string Delimiters = ",;\t|";

    // What programs for Windows write in Western languages, where every byte is text.
    private const string Windows = "1252";

    private static readonly string[] Booleans = ["true", "false", "yes", "no"];

    /// <summary>Tells the form of a file from its first rows.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public static CsvForm Of(ICsvFormat csv, string path)
    {
        var start = Start(csv, path);
        var name = EncodingOf(start);
        var dialect = new CsvDialect { Encoding = name is null ? null : name == Windows ? System.Text.Encoding.Latin1 : Utf16(name) };
        var delimiter = Delimiters.MaxBy(candidate => Columns(csv, start, dialect with { Delimiter = candidate }));
        return new(name, delimiter, HasNames(FirstRow(csv, start, dialect with { Delimiter = delimiter })));
    }

    private static byte[] Start(ICsvFormat csv, string path)
    {
        using var file = new PeekableStream(new FileStream(path, FileMode.Open, FileAccess.Read));
        using var text = TextInput.Of(file, csv.Decompressed);
        var start = new byte[BytesToTell];
        return start[..text.ReadAtLeast(start, BytesToTell, throwOnEndOfStream: false)];
    }

    private static string? EncodingOf(byte[] start)
    {
        if (start is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return null;
        if (FileFormat.UnmarkedUtf16(start) is not null)
            return start[0] == 0 ? "bigendianunicode" : "unicode";

        // The last character may be cut.
        var cuts = Enumerable.Range(0, start.Length == BytesToTell ? LongestCharacter : 1);
        return cuts.Any(cut => Utf8.IsValid(start.AsSpan(..^cut))) ? null : Windows;
    }

    private static Encoding Utf16(string name) => name == "unicode" ? System.Text.Encoding.Unicode : System.Text.Encoding.BigEndianUnicode;

    /// <summary>How many columns most rows have; 0 where they differ.</summary>
    private static int Columns(ICsvFormat csv, byte[] start, CsvDialect dialect)
    {
        try
        {
            using var rows = csv.Open(new MemoryStream(start), dialect with { Header = ["1"] });
            var counts = new List<int>();
            while (counts.Count < RowsToTell && rows.Read())
                counts.Add(rows.FieldCount);
            var usual = counts.GroupBy(count => count).MaxBy(rows => rows.Count());
            return usual is not null && usual.Count() * 10 >= counts.Count * 9 ? usual.Key : 0;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or DecoderFallbackException)
        {
            return 0;
        }
    }

    private static IReadOnlyList<string> FirstRow(ICsvFormat csv, byte[] start, CsvDialect dialect)
    {
        using var rows = csv.Open(new MemoryStream(start), dialect);
        return rows.Header;
    }

    /// <summary>Whether cells are names: none is a number, a date, an address or empty, and all are different.</summary>
    private static bool HasNames(IReadOnlyList<string> cells) =>
        cells.Distinct(StringComparer.Ordinal).Count() == cells.Count && !cells.Any(IsValue);

    private static bool IsValue(string cell)
    {
        var text = cell.Trim();
        return text.Length == 0 || text.Contains('@', StringComparison.Ordinal) || char.IsAsciiDigit(text.TrimStart('-', '+', '(').FirstOrDefault())
            || Booleans.Contains(text, StringComparer.OrdinalIgnoreCase);
    }
}
