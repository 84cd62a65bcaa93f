using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;

namespace ProfilesModule.Core.Tests.Sources;

/// <summary>
/// A table and the way its file is written: RFC 4180 with any delimiter, line break and encoding, with blank lines, with lines of
/// text before it, and compressed or not.
/// </summary>
internal sealed partial record CsvTable(
    string[] Header, string[][] Rows, char Delimiter, string LineBreak, string EncodingName, bool QuotesAll, bool EndsInLineBreak, int[] BlankLines, string[] LinesBefore, bool IsCompressed)
{
    private const string Latin1 = "iso-8859-1 by name";

    // What CSV is made of, more often than chance would have it; no lone surrogates, which no encoding can write.
    private static readonly Gen<string> Cell = Gen.OneOf(
        Gen.OneOfConst("", "\"", "\"\"", ",", ";", "\t", "|", "\r", "\n", "\r\n", " ", "a", "ß", "東", "🙂", "\0", "\uFEFF", "=", "#", "'", "\\", "\u2028"),
        Gen.Char[' ', '\uD7FF'].Select(c => c.ToString())).Array[0, 8].Select(string.Concat);

    public static Gen<CsvTable> Any { get; } = Gen.Int[1, 5].SelectMany(columns => Gen.Select(
        Cell.Array[columns],
        Cell.Array[columns].Array[0, 6],
        Gen.OneOfConst(',', ';', '\t', '|'),
        Gen.OneOfConst("\n", "\r\n", "\r"),
        Gen.OneOfConst("utf-8", "utf-8 without mark", "utf-16", "utf-16BE", "utf-16 by name", Latin1),
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.OneOfConst("", "Report of \"Ann", "a,b;c\td", "  ", "ü\u00A0").Array[0, 3]),
        Gen.Int[0, 2].Array[7],
        (header, rows, delimiter, lineBreak, encoding, flags, blank) => new CsvTable(header, rows, delimiter, lineBreak, encoding, flags.Item1, flags.Item2, blank, flags.Item4, flags.Item3).Written())).Where(table => !table.BeginsAsUtf16);

    /// <summary>The encoding that has to be named; null where the file tells it itself.</summary>
    public Encoding? NamedEncoding => EncodingName.EndsWith("by name", StringComparison.Ordinal) ? Encoding.GetEncoding(EncodingName.Split(' ')[0]) : null;

    public (byte[] Bytes, long[] Lines) Write()
    {
        var text = new StringBuilder(string.Concat(LinesBefore.Select(line => line + LineBreak)));
        var lines = new List<long>();
        string[][] records = [Header, .. Rows];
        for (var i = 0; i < records.Length; i++)
        {
            text.Insert(text.Length, LineBreak, BlankLines[i]);
            lines.Add(1 + LineBreaks().Count(text.ToString()));
            text.AppendJoin(Delimiter, records[i].Select(cell => Quoted(cell, records[i].Length)));
            if (i < records.Length - 1 || EndsInLineBreak)
                text.Append(LineBreak);
        }

        var encoding = Encoding.GetEncoding(EncodingName.Split(' ')[0]);
        byte[] bytes = [.. EncodingName.Contains(' ', StringComparison.Ordinal) ? [] : encoding.GetPreamble(), .. encoding.GetBytes(text.ToString())];
        if (IsCompressed)
        {
            using var compressed = new MemoryStream();
            using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
                gzip.Write(bytes);
            bytes = compressed.ToArray();
        }

        return (bytes, [.. lines.Skip(1)]);
    }

    /// <summary>Whether characters alternate with zeros at the start of a text of bytes, which is then taken for UTF-16 without a mark.</summary>
    private bool BeginsAsUtf16 => !EncodingName.StartsWith("utf-16", StringComparison.Ordinal)
        && (this with { IsCompressed = false }).Write().Bytes.AsSpan().TrimStart(Encoding.UTF8.Preamble)
            is [not 0, 0, not 0, 0, not 0, 0, ..] or [0, not 0, 0, not 0, 0, not 0, ..];

    /// <summary>The table without what its encoding has no form for.</summary>
    private CsvTable Written() => EncodingName == Latin1 ? this with { Header = [.. Header.Select(Written)], Rows = [.. Rows.Select(row => row.Select(Written).ToArray())] } : this;

    private static string Written(string cell) => string.Concat(cell.Select(c => c <= 'ÿ' ? c : '?'));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{EncodingName} {Delimiter} {LinesBefore.Length} {JsonSerializer.Serialize(Write().Bytes.Select(b => (int)b))} {JsonSerializer.Serialize(Rows)}");

    // A line with nothing on it would be a blank line; a byte order mark, or the characters of its bytes, at the start of the file would be taken for one, and
    // a zero behind that of UTF-16 for the rest of that of UTF-32.
    private string Quoted(string cell, int columns) =>
        QuotesAll || (columns == 1 && cell.Length == 0) || cell.AsSpan().ContainsAny(['"', '\r', '\n', '\0', '\uFEFF', 'ÿ', 'þ', Delimiter])
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : cell;

    [GeneratedRegex("\r\n|\r|\n")]
    private static partial Regex LineBreaks();
}
