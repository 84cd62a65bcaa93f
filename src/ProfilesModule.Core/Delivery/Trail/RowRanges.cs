namespace ProfilesModule.Delivery.Trail;

/// <summary>A set of row numbers, kept as the fewest ranges that hold them. Not thread-safe: its owner locks.</summary>
internal sealed class RowRanges
{
    private readonly List<(long First, long Last)> _ranges = [];

    /// <summary>The ranges, in order; no two of them touch.</summary>
    public IReadOnlyList<(long First, long Last)> Ranges => _ranges;

    /// <summary>The last row below which, itself included, every row from 1 on is in the set; 0 when row 1 is not.</summary>
    public long LowWater => _ranges is [(1, var last), ..] ? last : 0;

    /// <summary>How many rows are in the set.</summary>
    public long Count => _ranges.Sum(range => range.Last - range.First + 1);

    /// <summary>Whether a row is in the set.</summary>
    /// <param name="row">The row.</param>
    public bool Contains(long row)
    {
        var index = FirstEndingAtOrBehind(row);
        return index < _ranges.Count && _ranges[index].First <= row;
    }

    /// <summary>Adds one row.</summary>
    /// <param name="row">The row.</param>
    public void Add(long row) => Add(row, row);

    /// <summary>Adds consecutive rows.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="last">The last of them.</param>
    public void Add(long first, long last)
    {
        // Ranges that touch the new one are part of it from now on.
        var from = FirstEndingAtOrBehind(first - 1);
        var to = from;
        while (to < _ranges.Count && _ranges[to].First <= last + 1)
        {
            first = Math.Min(first, _ranges[to].First);
            last = Math.Max(last, _ranges[to].Last);
            to++;
        }

        if (to == from)
        {
            _ranges.Insert(from, (first, last));
            return;
        }

        _ranges[from] = (first, last);
        _ranges.RemoveRange(from + 1, to - from - 1);
    }

    private int FirstEndingAtOrBehind(long row)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].Last < row)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
