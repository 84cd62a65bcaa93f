using System.Globalization;
using System.Text;
using ProfilesModule.Rules;
using ProfilesModule.Storage;
using ProfilesModule.Wire;

namespace ProfilesModule.Delivery.Trail;

/// <summary>A reject file in CSV: the columns of the input, and three more.</summary>
/// <param name="header">The columns of the input.</param>
/// <param name="delimiter">What separates fields in the input.</param>
/// <param name="encoding">The encoding that the input is read with; null for UTF-8.</param>
internal sealed class CsvRejectFormat(IReadOnlyList<string> header, char delimiter, Encoding? encoding) : RejectFormat
{
    private readonly byte _delimiter = (byte)delimiter;
    private readonly Encoding? _encoding = encoding is UTF8Encoding ? null : encoding;

    /// <inheritdoc/>
    public override bool HoldsRows(string path)
    {
        // A device has no length, and might have no end.
        if (PrivateFile.IsDevice(path) || new FileInfo(path) is not { Exists: true, Length: > 0 })
            return false;
        using var reader = encoding is null ? new StreamReader(path) : new StreamReader(path, encoding);

        // A line of its own is what is left of an import that rejected nothing; any other is somebody's.
        var end = string.Join((char)_delimiter, RejectFields.Names);
        return reader.ReadLine()?.EndsWith(end, StringComparison.Ordinal) != true || reader.Peek() >= 0;
    }

    internal override void WriteHeader(GrowingBuffer file)
    {
        if (encoding is not null)
            file.Write(encoding.Preamble);
        foreach (var name in header.Concat(RejectFields.Names.SkipLast(1)))
        {
            WriteField(file, name);
            Write(file, _delimiter);
        }

        WriteField(file, RejectFields.Names[^1]);
        Write(file, (byte)'\n');
    }

    internal override void WriteRow(GrowingBuffer file, ReadOnlySpan<byte> rawRow, long line, string error, string errorId)
    {
        // A quote that is never closed would take what follows for its own, and what is left of a row would look like a whole one.
        if (EndsInsideQuotes(rawRow, _delimiter) || errorId == nameof(ErrorId.RejectRowDamaged))
            WriteAsOneField(file, rawRow);
        else
            Write(file, rawRow);
        Write(file, _delimiter);
        WriteField(file, line.ToString(CultureInfo.InvariantCulture));
        Write(file, _delimiter);
        Write(file, Quoted(Encoding.UTF8.GetBytes(error.ReplaceLineEndings(" "))));
        Write(file, _delimiter);
        WriteField(file, errorId);
        Write(file, (byte)'\n');
    }

    private protected override string EndOf(string errorId) => $"\"{(char)_delimiter}{errorId}\n";

    internal override byte[] Encoded(string ascii) => (_encoding ?? Encoding.UTF8).GetBytes(ascii);

    private void WriteField(GrowingBuffer file, string text) => Write(file, NeedsQuotes(text) ? Quoted(Encoding.UTF8.GetBytes(text)) : Encoding.UTF8.GetBytes(text));

    // As one field, or two where one would look like a whole row, so that it cannot be taken for one.
    private void WriteAsOneField(GrowingBuffer file, ReadOnlySpan<byte> rawRow)
    {
        Write(file, Quoted(rawRow));
        if (header.Count == 1)
            Write(file, _delimiter);
    }

    /// <summary>Whether a row ends in a quote that is never closed.</summary>
    /// <param name="row">The row.</param>
    /// <param name="delimiter">What separates its fields.</param>
    internal static bool EndsInsideQuotes(ReadOnlySpan<byte> row, byte delimiter)
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
            var end = row.IndexOf(delimiter);
            if (end < 0)
                return false;
            row = row[(end + 1)..];
        }
    }

    // At the start of the file other characters might be taken for a byte order mark.
    private bool NeedsQuotes(string text) =>
        text.AsSpan().ContainsAny((char)_delimiter, '"', '\n') || text.Contains('\r', StringComparison.Ordinal)
            || text is [< ' ' or > '~', ..] || text != text.Trim();

    private static byte[] Quoted(ReadOnlySpan<byte> utf8)
    {
        var quoted = new GrowingBuffer(utf8.Length + 16);
        quoted.WriteInQuotes(utf8);
        return quoted.WrittenSpan.ToArray();
    }

    private void Write(GrowingBuffer file, byte value) => Write(file, [value]);

    private void Write(GrowingBuffer file, ReadOnlySpan<byte> utf8) => file.Write(_encoding is null ? utf8 : Encoding.Convert(Encoding.UTF8, _encoding, utf8.ToArray()));
}
