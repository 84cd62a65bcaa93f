namespace ProfilesModule.Delivery.Trail;

/// <summary>What became of the rows of a run. Not thread-safe: its owner locks.</summary>
internal sealed class JournalState
{
    // By the number of the batch; what an earlier run left has the numbers below.
    private readonly Dictionary<int, (long First, long Last)> _sending = [];

    /// <summary>The rows that have their final outcome.</summary>
    public RowRanges Settled { get; } = new();

    public long Accepted { get; set; }

    public long Rejected { get; set; }

    public long Skipped { get; set; }

    public long Unknown { get; set; }

    /// <summary>The length of the reject file that belongs to the settled rows.</summary>
    public long RejectBytes { get; set; }

    /// <summary>Its checksum.</summary>
    public uint RejectSum { get; set; }

    /// <summary>Why the run ended early; null while it goes on, and when it did not.</summary>
    public string? EndedBy { get; set; }

    /// <summary>Whether every row of the input is settled.</summary>
    public bool IsFinished { get; set; }

    /// <summary>Notes which rows of a batch are being sent that would count twice if sent again.</summary>
    public void Sending(int batch, long first, long last) => _sending[batch] = (first, last);

    public void BatchEnded(int batch) => _sending.Remove(batch);

    public JournalLine ToLine() => new()
    {
        Row = Settled.LowWater,
        Settled = [.. Settled.Ranges.Where(r => r.First != 1).Select(Pair)],
        Sending = [.. _sending.Values.Select(Pair)],
        Accepted = Accepted,
        Rejected = Rejected,
        Skipped = Skipped,
        Unknown = Unknown,
        RejectBytes = RejectBytes,
        RejectSum = RejectSum,
        IsFinished = IsFinished,
        EndedBy = EndedBy,
    };

    /// <summary>The state that a line tells of.</summary>
    public static JournalState From(JournalLine line)
    {
        var state = new JournalState
        {
            Accepted = line.Accepted,
            Rejected = line.Rejected,
            Skipped = line.Skipped,
            Unknown = line.Unknown,
            RejectBytes = line.RejectBytes,
            RejectSum = line.RejectSum,
            IsFinished = line.IsFinished,
        };
        if (line.Row > 0)
            state.Settled.Add(1, line.Row);
        foreach (var range in line.Settled)
            state.Settled.Add(range[0], range[1]);
        foreach (var range in line.Sending)
            state._sending.Add(-state._sending.Count, (range[0], range[1]));
        return state;
    }

    /// <summary>Takes what a later line tells of for rows that may have been sent.</summary>
    public void MayHaveSent(JournalLine later)
    {
        if (later.Row > 0)
            _sending.Add(-_sending.Count, (1, later.Row));
        foreach (var range in later.Settled.Concat(later.Sending))
            _sending.Add(-_sending.Count, (range[0], range[1]));
    }

    public RowRanges BeingSent()
    {
        var rows = new RowRanges();
        foreach (var (first, last) in _sending.Values)
            rows.Add(first, last);
        return rows;
    }

    private static long[] Pair((long First, long Last) range) => [range.First, range.Last];
}
