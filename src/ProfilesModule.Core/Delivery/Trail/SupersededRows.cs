namespace ProfilesModule.Delivery.Trail;

/// <summary>
/// Notes in a reject file which of its rows are older than a row of the same profile that was sent, so that trying them again
/// would set older values. The note stands at the end of <c>_error</c>, where every row has room for it: it is written in place
/// when the later row goes out, and so is there whenever the run is killed. Not thread-safe: its owner locks.
/// </summary>
internal sealed class SupersededRows
{
    // A few ten megabytes. Rows behind these are not noted.
    private const int MostRows = 1_000_000;

    // The last rejected row of each profile, and of each row the one before it.
    private readonly Dictionary<ulong, int> _last = [];
    private readonly List<(long Position, int Before)> _rows = [];

    /// <summary>Whether no row was rejected of whose profile none was sent since.</summary>
    public bool IsEmpty => _last.Count == 0;

    /// <summary>Takes a row that was rejected.</summary>
    /// <param name="profile">Its profile.</param>
    /// <param name="position">Where its note is to stand in the reject file.</param>
    public void Rejected(ulong profile, long position)
    {
        if (_rows.Count == MostRows)
            return;
        _rows.Add((position, _last.GetValueOrDefault(profile, -1)));
        _last[profile] = _rows.Count - 1;
    }

    /// <summary>Takes a row that was sent; where the notes of the earlier rows of its profile are to be written.</summary>
    /// <param name="profile">Its profile.</param>
    public IEnumerable<long> Sent(ulong profile)
    {
        if (_last.Count == 0 || !_last.Remove(profile, out var row))
            return [];
        var positions = new List<long>();
        for (; row >= 0; row = _rows[row].Before)
            positions.Add(_rows[row].Position);
        return positions;
    }
}
