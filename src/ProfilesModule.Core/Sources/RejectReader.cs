using ProfilesModule.Delivery;
using ProfilesModule.Delivery.Trail;

namespace ProfilesModule.Sources;

/// <summary>
/// Reads a reject file as if it were the file that its rows came from: without the columns that say what was wrong. A row
/// that was out of order has as many fields too few or too many as it had there.
/// </summary>
internal sealed class RejectReader : ICsvReader
{
    private static readonly byte[] UnknownId = System.Text.Encoding.ASCII.GetBytes(FailureReason.OutcomeUnknown.ErrorId());

    private readonly ICsvReader _rejects;
    private readonly byte _delimiter;

    public RejectReader(ICsvReader rejects, char delimiter)
    {
        _rejects = rejects;
        _delimiter = (byte)delimiter;
        Header = [.. rejects.Header.SkipLast(RejectFile.Columns.Count)];
    }

    public IReadOnlyList<string> Header { get; }

    public long LineNumber => _rejects.LineNumber;

    public long Position => _rejects.Position;

    public int FieldCount => _rejects.FieldCount - RejectFile.Columns.Count;

    public ReadOnlySpan<byte> RawRecord => WithoutReason(_rejects.RawRecord);

    public string? QuoteProblem => _rejects.QuoteProblem;

    /// <summary>Whether it is unknown if the row was applied.</summary>
    public bool IsUnknown => _rejects.FieldCount > 0 && _rejects.Field(_rejects.FieldCount - 1).SequenceEqual(UnknownId);

    /// <summary>Whether a file with these columns is a reject file.</summary>
    public static bool Reads(IReadOnlyList<string> header) =>
        header.Count > RejectFile.Columns.Count && header.TakeLast(RejectFile.Columns.Count).SequenceEqual(RejectFile.Columns);

    public bool Read() => _rejects.Read();

    public ReadOnlySpan<byte> Field(int index) => _rejects.Field(index);

    public void Dispose() => _rejects.Dispose();

    /// <summary>What stands before <c>,12,"text","Id"</c>; a row that another program wrote anew may have it without quotes.</summary>
    private ReadOnlySpan<byte> WithoutReason(ReadOnlySpan<byte> row)
    {
        var end = row.LastIndexOf(_delimiter);
        if (end < 0)
            return row;
        end = StartOfField(row[..end]) - 1;
        return end < 0 ? row : row[..Math.Max(0, StartOfField(row[..end]) - 1)];
    }

    /// <summary>Where the last field starts; 0 when there is no other.</summary>
    private int StartOfField(ReadOnlySpan<byte> row)
    {
        var from = row.Length;
        if (row is [.., (byte)'"'])
        {
            // Backwards over doubled quotes to the one that opens the field.
            for (from = row.Length - 2; from >= 0; from--)
            {
                if (row[from] != (byte)'"')
                    continue;
                if (from == 0 || row[from - 1] != (byte)'"')
                    break;
                from--;
            }
        }

        return from <= 0 ? 0 : row[..from].LastIndexOf(_delimiter) + 1;
    }
}
