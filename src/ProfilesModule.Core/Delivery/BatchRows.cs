using ProfilesModule.Model;

namespace ProfilesModule.Delivery;

/// <summary>The numbers of rows of a batch, as a journal has them.</summary>
internal static class BatchRows
{
    /// <summary>The first and the last of some rows that would count twice if sent again; null when none would.</summary>
    public static (long First, long Last)? Unrepeatable(UpdateBatch batch, ReadOnlySpan<int> part)
    {
        (long First, long Last)? rows = null;
        foreach (var index in part)
        {
            if (!batch[index].Operation.IsRepeatable())
                rows = (rows?.First ?? batch[index].Origin.Row, batch[index].Origin.Row);
        }

        return rows;
    }

    /// <summary>Some rows, those that follow each other together.</summary>
    public static IReadOnlyList<(long First, long Last)> Ranges(UpdateBatch batch, ReadOnlySpan<int> part)
    {
        var ranges = new List<(long First, long Last)>();
        foreach (var index in part)
        {
            var row = batch[index].Origin.Row;
            if (ranges is [.., var last] && last.Last + 1 == row)
                ranges[^1] = (last.First, row);
            else
                ranges.Add((row, row));
        }

        return ranges;
    }
}
