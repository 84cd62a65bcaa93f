using System.Runtime.CompilerServices;

namespace ProfilesModule.Sources;

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
