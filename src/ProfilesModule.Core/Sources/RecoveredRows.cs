using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace ProfilesModule.Sources;

/// <summary>
/// The rows of a file in which a quote may be in the wrong place. Such a quote takes the lines behind it for its own until another
/// quote, or the end of the file, shows that the record is damaged. Then each of these lines is a row of its own, whole or
/// damaged, so that every line is accounted for. A damaged record none of whose lines can be a row stays one.
/// </summary>
/// <param name="file">The file, at its first record.</param>
/// <param name="dialect">How it is written.</param>
internal sealed class RecoveredRows(ICsvReader file, CsvDialect dialect) : ICsvReader
{
    private readonly QuotedRow _row = new((byte)dialect.Delimiter);
    private bool _isInStretch;
    private int _start;
    private int _end;
    private int _next;
    private long _line;
    private long _nextLine;
    private string? _problem;

    /// <inheritdoc/>
    public IReadOnlyList<string> Header => file.Header;

    /// <inheritdoc/>
    public long LineNumber => _isInStretch ? _line : file.LineNumber;

    /// <inheritdoc/>
    public long Position => file.Position;

    /// <inheritdoc/>
    public int FieldCount => _isInStretch ? _row.FieldCount : file.FieldCount;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> RawRecord => _isInStretch ? file.RawRecord[_start.._end] : file.RawRecord;

    /// <inheritdoc/>
    public string? QuoteProblem => _isInStretch ? _problem : file.QuoteProblem;

    /// <inheritdoc/>
    public long? DamagedLine => _isInStretch && _problem is null && !dialect.RecoversRows ? file.LineNumber : null;

    /// <inheritdoc/>
    public bool IsText => _isInStretch ? Utf8.IsValid(RawRecord) : file.IsText;

    /// <inheritdoc/>
    public ICsvReader Source => _isInStretch ? this : file.Source;

    /// <inheritdoc/>
    public bool Read()
    {
        if (_isInStretch && ReadLine())
            return true;
        _isInStretch = false;
        if (!file.Read())
            return false;
        if (file.QuoteProblem is null || !file.RawRecord.ContainsAny((byte)'\r', (byte)'\n'))
            return true;
        (_next, _nextLine) = (0, file.LineNumber);
        _isInStretch = HasRow() && ReadLine();
        return true;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Field(int index) => _isInStretch ? _row.Field(index) : file.Field(index);

    /// <inheritdoc/>
    public bool IsQuoted(int index) => _isInStretch ? _row.IsQuoted(index) : file.IsQuoted(index);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    /// <summary>Whether one of the lines can be a row.</summary>
    private bool HasRow()
    {
        for (var rest = file.RawRecord; !rest.IsEmpty; rest = rest[LengthOfLine(rest, out _)..])
        {
            LengthOfLine(rest, out var end);
            if (IsRow(rest[..end], out _))
                return true;
        }

        return false;
    }

    /// <summary>Goes on to the next line that is not empty; false when there is none.</summary>
    private bool ReadLine()
    {
        var record = file.RawRecord;
        while (_next < record.Length)
        {
            var length = LengthOfLine(record[_next..], out var end);
            (_start, _end, _line) = (_next, _next + end, _nextLine);
            (_next, _nextLine) = (_next + length, _nextLine + 1);
            if (end == 0)
                continue;
            if (!IsRow(record[_start.._end], out _problem))
                _row.Clear();
            return true;
        }

        return false;
    }

    /// <summary>Whether a line is a row by itself.</summary>
    private bool IsRow(ReadOnlySpan<byte> line, out string? problem)
    {
        problem = Split(line) ?? (line.IsEmpty || _row.FieldCount != file.Header.Count ? QuoteProblems.PartOfRow : null);
        return problem is null;
    }

    /// <summary>Splits a line into its fields; what is wrong with its quotes, else null.</summary>
    private string? Split(ReadOnlySpan<byte> line)
    {
        var isLenient = dialect.QuoteMode == QuoteMode.Lenient || dialect.HasProtectedCells;
        _row.Clear();
        while (true)
        {
            var isQuoted = line is [(byte)'"', ..];
            if (isQuoted)
            {
                do
                {
                    var quote = line[1..].IndexOf((byte)'"');
                    if (quote < 0)
                        return QuoteProblems.NotClosedInLine;
                    _row.Write(line[1..(quote + 1)]);
                    line = line[(quote + 2)..];
                    if (line is [(byte)'"', ..])
                        _row.Write((byte)'"');
                }
                while (line is [(byte)'"', ..]);

                if (!line.IsEmpty && line[0] != (byte)dialect.Delimiter)
                    return QuoteProblems.TextBehind;
            }
            else
            {
                var end = line.IndexOf((byte)dialect.Delimiter);
                var field = end < 0 ? line : line[..end];
                if (!isLenient && field.Contains((byte)'"'))
                    return QuoteProblems.InsideField;
                _row.Write(field);
                line = line[field.Length..];
            }

            _row.EndField(isQuoted, isLast: line.IsEmpty);
            if (line.IsEmpty)
                return null;
            line = line[1..];
        }
    }

    /// <summary>How long the first line of a text is with its line break, and without.</summary>
    public static int LengthOfLine(ReadOnlySpan<byte> text, out int end)
    {
        end = text.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
            return end = text.Length;
        return text[end..] is [(byte)'\r', (byte)'\n', ..] ? end + 2 : end + 1;
    }
}

/// <summary>
/// Finds rows that two stray quotes made part of a field: each line of such a record has as many fields as the header, and no other
/// quotes are in its way. A text of several lines hardly ever has, since its commas are followed by spaces.
/// </summary>
internal static class SwallowedRows
{
    /// <summary>Whether a record holds some.</summary>
    /// <param name="record">The record, as it is in the file.</param>
    /// <param name="delimiter">What separates fields.</param>
    /// <param name="columns">How many columns the file has.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool AreIn(ReadOnlySpan<byte> record, byte delimiter, int columns) =>
        record.ContainsAny((byte)'\r', (byte)'\n') && columns > 1 && EveryLineIsRow(record, delimiter, columns);

    private static bool EveryLineIsRow(ReadOnlySpan<byte> record, byte delimiter, int columns)
    {
        var isFirst = true;
        while (true)
        {
            var length = RecoveredRows.LengthOfLine(record, out var end);
            var line = record[..end];
            var isLast = end == record.Length;
            if (line.Count(delimiter) != columns - 1 || HasOtherQuote(line, isFirst, isLast))
                return false;
            if (!isFirst && delimiter is (byte)',' or (byte)';' && line.IndexOf([delimiter, (byte)' ']) >= 0)
                return false;
            if (isLast)
                return true;
            record = record[length..];
            isFirst = false;
        }
    }

    // The quote that opens the field and the one that closes it are in the first line and in the last.
    private static bool HasOtherQuote(ReadOnlySpan<byte> line, bool isFirst, bool isLast) =>
        isFirst || isLast ? line.Count((byte)'"') % 2 == 0 : line.Contains((byte)'"');
}
