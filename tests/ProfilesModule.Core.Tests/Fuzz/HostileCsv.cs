using System.Globalization;
using System.Text;
using CsCheck;
using ProfilesModule.Sources;

namespace ProfilesModule.Core.Tests.Fuzz;

/// <summary>A file that began as CSV, or as nothing like it, and the way it is said to be written.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Delimiter">What is said to separate fields.</param>
/// <param name="EncodingName">The encoding that is named; null for none.</param>
/// <param name="HasHeader">Whether its first row is said to name the columns.</param>
internal sealed record HostileCsv(byte[] Bytes, char Delimiter, string? EncodingName, bool HasHeader)
{
    private const int MostBytes = 100_000;

    private static readonly Gen<string> Piece = Gen.Frequency(
        (12, Gen.OneOfConst("", "1", "Ann", "x y", " ", "0042", "ß", "東京", "🙂", "=1+1", "null", "\uFEFF")),
        (3, Gen.OneOfConst("\"a,b\"", "\"two\nlines\"", "\"say \"\"hi\"\"\"", "\"\"", "\"a;b\t|\"", "\"\r\"")),
        (2, Gen.OneOfConst("\"", "a\"b", "\"a\"b", "\"a\" ", " \"a\"", "\"\"\"", "\"open", "\0", "\r", "\n", "\u2028", "\uFFFD", "\uD800")),
        (1, Gen.Char.Select(c => c.ToString())));

    private static readonly Gen<string> Cell = Gen.Frequency(
        (40, Piece),
        (10, Piece.Array[0, 4].Select(string.Concat)),
        (1, Gen.Int[1, 40].Select(n => string.Concat(Enumerable.Repeat("a \"\"", n)))));

    private static readonly Gen<string> Name = Gen.Frequency(
        (8, Gen.OneOfConst("a", "b", "name", "größe", "distinct_id", "a b", "\"a,b\"", "\"a\"\"b\"", "\"a\nb\"")),
        (1, Gen.OneOfConst("", " ", "_line", "_error", "_errorId", "\"", "\uFEFFa", " a", "\0")));

    private static readonly Gen<string> LineBreak = Gen.Frequency((20, Gen.Const("\n")), (10, Gen.Const("\r\n")), (3, Gen.Const("\r")), (2, Gen.OneOfConst("\n\n", "\r\r\n", "\n\r", "")));

    private static readonly Gen<string> Text = Gen.Int[1, 4].SelectMany(columns => Gen.Select(
        Gen.Frequency((10, Name.Array[columns]), (1, Name.Array[0, 5])),
        Gen.Select(Gen.Frequency((8, Cell.Array[columns]), (1, Cell.Array[0, 6])), LineBreak).Array[0, 12],
        Gen.Bool,
        (header, rows, isRejects) => string.Concat(
            rows.Select(row => string.Join('\u0001', row.Item1) + row.Item2).Prepend(string.Join('\u0001', isRejects && columns == 4 ? ["a", "_line", "_error", "_errorId"] : header) + "\n"))));

    private static readonly Gen<byte[]> Garbage = Gen.Frequency(
        (6, Gen.OneOfConst("\""u8.ToArray(), "\n"u8.ToArray(), "\r"u8.ToArray(), ","u8.ToArray(), "\0"u8.ToArray(), [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0x00, 0x00, 0xFE, 0xFF])),
        (2, Gen.Byte.Array[1, 12]),
        (1, Gen.Select(Gen.OneOfConst((byte)'x', (byte)'"', (byte)'\n', (byte)',', (byte)0), Gen.Int[1000, MostBytes]).Select((b, n) => Enumerable.Repeat(b, n).ToArray())));

    // Where, as a share of the file, so that shrinking the file keeps the meaning.
    private static readonly Gen<Func<byte[], byte[]>> Mutation = Gen.OneOf<Func<byte[], byte[]>>(
        Gen.Double[0, 1].Select<double, Func<byte[], byte[]>>(at => file => file[..At(file, at)]),
        Gen.Select<double, byte[], Func<byte[], byte[]>>(Gen.Double[0, 1], Garbage, (at, garbage) => file => [.. file[..At(file, at)], .. garbage, .. file[At(file, at)..]]),
        Gen.Select<double, byte, Func<byte[], byte[]>>(Gen.Double[0, 1], Gen.Byte, (at, value) => file => file.Length == 0 ? file : [.. file[..(At(file, at) / 2)], value, .. file[((At(file, at) / 2) + 1)..]]),
        Gen.Select<double, double, Func<byte[], byte[]>>(Gen.Double[0, 1], Gen.Double[0, 1], (from, to) => file => [.. file[..At(file, Math.Min(from, to))], .. file[At(file, Math.Max(from, to))..]]));

    private static readonly byte[][] Marks = [[], [0xEF, 0xBB, 0xBF], [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF], [0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF]];

    private static readonly string?[] Encodings = ["utf-8", "utf-8", "utf-16", "utf-16BE", "utf-32", "utf-32BE", "latin1"];

    public static Gen<HostileCsv> Any { get; } = Gen.Select(
        Gen.Frequency((12, Text), (1, Gen.OneOfConst("", "\n", "\n\n\r\n", "\"", "a"))),
        Gen.Frequency((20, Gen.OneOfConst(',', ';', '\t', '|')), (1, Gen.OneOfConst(' ', '_', 'e', '1', '\'', '='))),
        Gen.Frequency((10, Gen.Const((0, 0))), (6, Gen.Int[0, 6].Select(i => (i, i))), (1, Gen.Select(Gen.Int[0, 6], Gen.Int[0, 6]))),
        Gen.Frequency((8, Gen.Const(false)), (2, Gen.Const(true))),
        Gen.Frequency((8, Gen.Const(true)), (1, Gen.Const(false))),
        Mutation.Array[0, 4],
        (text, delimiter, written, named, hasHeader, mutations) =>
        {
            var encoding = Encodings[written.Item2]!;
            byte[] bytes = [.. Marks[written.Item1], .. Encoding.GetEncoding(encoding).GetBytes(text.Replace('\u0001', delimiter))];
            foreach (var mutate in mutations)
                bytes = mutate(bytes);
            return new HostileCsv(bytes[..Math.Min(bytes.Length, MostBytes)], delimiter, named ? encoding : null, hasHeader);
        });

    /// <summary>The encoding as a user names it; null for none.</summary>
    public Encoding? Encoding => EncodingName is null ? null : System.Text.Encoding.GetEncoding(EncodingName);

    /// <summary>How an import reads the file.</summary>
    public CsvDialect Dialect => new()
    {
        Delimiter = Delimiter,
        Encoding = Encoding is null or UTF8Encoding ? null : System.Text.Encoding.GetEncoding(EncodingName!, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback),
        Header = HasHeader ? null : ["distinct_id", "a"],
    };

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"delimiter '{Delimiter}', {EncodingName ?? "no encoding"}, {(HasHeader ? "with" : "without")} a header, {Bytes.Length} bytes: {Convert.ToHexString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 2000)))} ({System.Text.Encoding.UTF8.GetString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 600)))})");

    private static int At(byte[] file, double share) => (int)(file.Length * share);
}
