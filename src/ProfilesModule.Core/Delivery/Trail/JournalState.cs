using System.Text.Json.Serialization;
using ProfilesModule.Model;

namespace ProfilesModule.Delivery.Trail;

/// <summary>The outcomes of the rows of a run. Not thread-safe: its owner locks.</summary>
internal sealed class JournalState
{
    // By the number of the batch; what an earlier run left has the numbers below.
    private readonly Dictionary<int, (long First, long Last)> _sending = [];

    // Of rows that are known by their keys, those behind the first without an outcome.
    private readonly List<(long Row, RowOutcome Outcome, long RejectBytes, uint RejectSum)> _behind = [];
    private Func<long, string?>? _keyOf;

    /// <summary>The rows that have their final outcome.</summary>
    public RowRanges Settled { get; } = new();

    /// <summary>The counts of those rows, and what else a line says; its rows are those of the last line that was read.</summary>
    public JournalLine Line { get; private init; } =
        new() { Row = 0, Accepted = 0, Rejected = 0, Skipped = 0, Unknown = 0, RejectBytes = 0, RejectSum = 0 };

    /// <summary>
    /// Knows rows by keys from now on. Another row may have the number of one by the time that the run is resumed, so a line tells only
    /// of the rows before the first without an outcome, and of the key of the last of them.
    /// </summary>
    /// <param name="keyOf">The key of a row; those of earlier rows are not asked for again.</param>
    public void KnowByKeys(Func<long, string?> keyOf) => _keyOf = keyOf;

    /// <summary>Notes how long the reject file is, with all rows that were settled.</summary>
    public void RejectsWritten(long bytes, uint sum)
    {
        if (_keyOf is null || Line.RejectBytes == 0)
            (Line.RejectBytes, Line.RejectSum) = (bytes, sum);
    }

    /// <summary>Notes which rows of a batch are being sent that would count twice if sent again.</summary>
    public void Sending(int batch, long first, long last) => _sending[batch] = (first, last);

    public void BatchEnded(int batch) => _sending.Remove(batch);

    /// <summary>Settles a row that was not accepted.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="outcome">Its outcome.</param>
    /// <param name="rejectBytes">The length of the reject file with it.</param>
    /// <param name="rejectSum">The checksum of that.</param>
    public void Settle(long row, RowOutcome outcome, long rejectBytes, uint rejectSum)
    {
        Settled.Add(row, row);
        if (_keyOf is null)
            Count(outcome);
        else
            _behind.Add((row, outcome, rejectBytes, rejectSum));
    }

    private void Count(RowOutcome outcome)
    {
        if (outcome == RowOutcome.Rejected)
            Line.Rejected++;
        else if (outcome == RowOutcome.Unknown)
            Line.Unknown++;
        else
            Line.Skipped++;
    }

    /// <summary>Settles rows, from the first to the last, as accepted.</summary>
    public void Accept(long first, long last)
    {
        if (_keyOf is null)
            Line.Accepted += last - first + 1;
        Settled.Add(first, last);
    }

    public JournalLine ToLine() => _keyOf is not null ? ToLineByKey(_keyOf) : Line with
    {
        Row = Settled.LowWater,
        Settled = [.. Settled.Ranges.Where(r => r.First != 1).Select(Pair)],
        Sending = [.. _sending.Values.Select(Pair)],
    };

    private JournalLine ToLineByKey(Func<long, string?> keyOf)
    {
        var last = Settled.LowWater;
        foreach (var (_, outcome, bytes, sum) in _behind.Where(row => row.Row <= last))
        {
            Count(outcome);
            if (bytes > 0)
                (Line.RejectBytes, Line.RejectSum) = (bytes, sum);
        }

        _behind.RemoveAll(row => row.Row <= last);
        Line.Accepted = last - Line.Rejected - Line.Skipped - Line.Unknown;
        Line.After = keyOf(last) ?? Line.After;
        return Line with { Row = last };
    }

    /// <summary>The state that a line describes.</summary>
    public static JournalState From(JournalLine line)
    {
        var state = new JournalState { Line = line with { EndedBy = null } };
        if (line.Row > 0)
            state.Settled.Add(1, line.Row);
        foreach (var range in line.Settled)
            state.Settled.Add(range[0], range[1]);
        state.AddSending(line.Sending);
        return state;
    }

    /// <summary>Takes the rows of a later line as ones that may have been sent.</summary>
    public void MayHaveSent(JournalLine later)
    {
        if (later.Row > 0)
            AddSending([[1, later.Row]]);
        AddSending(later.Settled);
        AddSending(later.Sending);
    }

    private void AddSending(long[][] ranges)
    {
        foreach (var range in ranges)
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

/// <summary>One line of a journal: the whole state of the run at one instant. The last whole line counts.</summary>
internal sealed record JournalLine
{
    /// <summary>The last row below which, itself included, every row has its outcome.</summary>
    public required long Row { get; init; }

    /// <summary>The ranges of rows above it that have their outcome too.</summary>
    public long[][] Settled { get; init; } = [];

    /// <summary>The ranges of rows that are being sent and would count twice if sent again.</summary>
    public long[][] Sending { get; init; } = [];

    public required long Accepted { get; set; }

    public required long Rejected { get; set; }

    public required long Skipped { get; set; }

    public required long Unknown { get; set; }

    /// <summary>The key of that row, where rows are known by keys.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? After { get; set; }

    /// <summary>The length of the reject file in bytes.</summary>
    public required long RejectBytes { get; set; }

    /// <summary>The checksum of so much of the reject file, with the notes of it as they were at first.</summary>
    public required uint RejectSum { get; set; }

    /// <summary>Whether every row has its outcome.</summary>
    public bool IsFinished { get; set; }

    /// <summary>Why the run ended early; null while it goes on, and when it did not. For who reads the file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EndedBy { get; set; }

    /// <summary>Whether the counts explain the rows.</summary>
    [JsonIgnore]
    public bool IsConsistent =>
        Settled.Concat(Sending).All(range => range is [var first, var last] && first > 0 && first <= last)
        && Row + Settled.Sum(range => range[1] - range[0] + 1) == Accepted + Rejected + Skipped + Unknown;
}

/// <summary>The first line of a journal.</summary>
internal sealed record JournalHeader
{
    public const string Kind = "ProfilesModule journal 2";

    /// <summary>What kind of file this is.</summary>
    public string Journal { get; init; } = "";

    /// <summary>How often the journal had been replaced by then.</summary>
    public long Generation { get; init; }

    public JournalSubject? Subject { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JournalHeader))]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class JournalJson : JsonSerializerContext;

/// <summary>A set of row numbers, kept as the fewest ranges that hold them. Not thread-safe: its owner locks.</summary>
internal sealed class RowRanges(params IEnumerable<(long First, long Last)> ranges)
{
    private readonly List<(long First, long Last)> _ranges = [.. ranges];

    /// <summary>The ranges, in order; no two of them touch.</summary>
    public IReadOnlyList<(long First, long Last)> Ranges => _ranges;

    /// <summary>The last row below which, itself included, every row from 1 on is in the set; 0 when row 1 is not.</summary>
    public long LowWater => _ranges is [(1, var last), ..] ? last : 0;

    /// <summary>How many rows are in the set.</summary>
    public long Count => _ranges.Sum(range => range.Last - range.First + 1);

    public bool Contains(long row)
    {
        var index = FirstEndingAtOrBehind(row);
        return index < _ranges.Count && _ranges[index].First <= row;
    }

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
