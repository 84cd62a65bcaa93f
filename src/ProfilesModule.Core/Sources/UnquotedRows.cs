using System.Buffers;
using System.Text;

namespace ProfilesModule.Sources;

/// <summary>
/// The rows of a file in which quotes are text. They are shown as RFC 4180 has them, so that a reject file and the target of an
/// error are the same for every dialect: the reject file is imported again as the file was.
/// </summary>
/// <param name="file">The file, at its first record.</param>
/// <param name="dialect">How it is written.</param>
internal sealed class UnquotedRows(ICsvReader file, CsvDialect dialect) : ICsvReader
{
    private const byte Backslash = (byte)'\\';

    private readonly QuotedRow _row = new((byte)dialect.Delimiter);
    private readonly byte[]? _endMark = dialect.EndMark is { } mark ? Encoding.ASCII.GetBytes(mark) : null;
    private readonly SearchValues<byte> _special = SearchValues.Create(
        dialect.Quoting == Quoting.Backslashes ? [(byte)dialect.Delimiter, Backslash] : [(byte)dialect.Delimiter]);

    /// <inheritdoc/>
    public IReadOnlyList<string> Header => file.Header;

    /// <inheritdoc/>
    public long LineNumber => file.LineNumber;

    /// <inheritdoc/>
    public long Position => file.Position;

    /// <inheritdoc/>
    public int FieldCount => _row.FieldCount;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> RawRecord => _row.Text;

    /// <inheritdoc/>
    public string? QuoteProblem => file.QuoteProblem;

    /// <inheritdoc/>
    public bool IsText => file.IsText;

    /// <inheritdoc/>
    public bool Read()
    {
        while (file.Read())
        {
            var record = file.RawRecord;
            if (_endMark is not null && record.SequenceEqual(_endMark))
                return RequireEnd();
            Decode(record);
            if (!dialect.HasReportLines || !IsReportLine())
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Field(int index) => _row.Field(index);

    /// <inheritdoc/>
    public bool IsQuoted(int index) => _row.IsQuoted(index);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void Decode(ReadOnlySpan<byte> record)
    {
        _row.Clear();
        var isEscaped = false;
        while (record.IndexOfAny(_special) is >= 0 and var at)
        {
            _row.Write(record[..at]);
            if (record[at] != Backslash || at + 1 == record.Length || dialect.Quoting != Quoting.Backslashes)
            {
                if (record[at] != (byte)dialect.Delimiter)
                {
                    _row.Write(record[at]);
                }
                else
                {
                    _row.EndField(isEscaped, isLast: false);
                    isEscaped = false;
                }

                record = record[(at + 1)..];
                continue;
            }

            // A cell that is \N as a whole is not an escape, but the text for no value.
            var isNull = record[at + 1] == (byte)'N' && (at + 2 == record.Length || record[at + 2] == (byte)dialect.Delimiter);
            if (isNull)
                _row.Write(@"\N"u8);
            else
                _row.Write(Unescaped(record[at + 1]));
            isEscaped |= !isNull;
            record = record[(at + 2)..];
        }

        _row.Write(record);
        _row.EndField(isEscaped, isLast: true);
    }

    private byte Unescaped(byte letter)
    {
        for (var i = 0; i < dialect.Escapes.Length; i += 2)
        {
            if (dialect.Escapes[i] == letter)
                return (byte)dialect.Escapes[i + 1];
        }

        return letter;
    }

    /// <summary>Whether the line is not a row: dashes under the names of the columns, or how many rows there are.</summary>
    private bool IsReportLine()
    {
        if (FieldCount == 1 && Field(0) is [(byte)'(', >= (byte)'0' and <= (byte)'9', .., (byte)')'] && Field(0).Contains((byte)' '))
            return true;
        for (var i = 0; i < FieldCount; i++)
        {
            if (Field(i).IsEmpty || Field(i).ContainsAnyExcept((byte)'-'))
                return false;
        }

        return true;
    }

    private bool RequireEnd()
    {
        var line = file.LineNumber;
        return file.Read()
            ? throw new InvalidDataException($"line {line} is {dialect.EndMark}, which ends the rows, but more lines follow it")
            : false;
    }
}
