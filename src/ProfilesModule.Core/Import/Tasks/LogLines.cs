using ProfilesModule.Delivery;

namespace ProfilesModule.Import.Tasks;

/// <summary>
/// The lines of a log, one at a time, so that memory does not grow with it. What is not a line of a log is counted and left out: a
/// machine that goes down may break off a line, and the others are still true.
/// </summary>
/// <param name="log">The log. Others may write to it meanwhile.</param>
internal sealed class LogLines(Stream log)
{
    // Far more than a line has, so that a file without line breaks is not read into memory.
    private const int LongestLine = 1 << 16;

    // After so many the file is another's.
    private const int MostDamaged = 1000;

    private readonly byte[] _buffer = new byte[2 * LongestLine];
    private bool _isTooLong;
    private bool _hasRecord;

    /// <summary>The number of lines that are none of a log.</summary>
    public long Damaged { get; private set; }

    /// <summary>The first of them; 0 when there is none.</summary>
    public long FirstDamaged { get; private set; }

    /// <summary>Whether no line is one of a log, although there are lines.</summary>
    public bool IsForeign => Damaged > 0 && !_hasRecord;

    public IEnumerable<LogRecord> Read()
    {
        var (first, end, number) = (0, 0, 0L);
        while (log.Read(_buffer, end, _buffer.Length - end) is > 0 and var length)
        {
            end += length;
            while (_buffer.AsSpan(first, end - first).IndexOf((byte)'\n') is >= 0 and var line)
            {
                number++;
                if (RecordOf(first, line) is { } record)
                    yield return record;
                else if (line > 0)
                    CountDamaged(number);
                if (IsForeign && Damaged >= MostDamaged)
                    yield break;
                _isTooLong = false;
                first += line + 1;
            }

            if (end - first > LongestLine)
                (_isTooLong, first) = (true, end);
            _buffer.AsSpan(first, end - first).CopyTo(_buffer);
            (first, end) = (0, end - first);
        }

        // Without a break it is being written, or was broken off.
        if (RecordOf(0, end) is { } last)
            yield return last;
        else if (!_hasRecord && (end > 0 || _isTooLong))
            CountDamaged(number + 1);
    }

    private LogRecord? RecordOf(int first, int length)
    {
        var record = _isTooLong ? null : LogRecord.Parse(_buffer.AsSpan(first, length));
        _hasRecord |= record is not null;
        return record;
    }

    private void CountDamaged(long number)
    {
        Damaged++;
        FirstDamaged = FirstDamaged == 0 ? number : FirstDamaged;
    }
}
