using System.Buffers.Text;
using System.Runtime.CompilerServices;
using ProfilesModule.Rules;

namespace ProfilesModule.Statistics;

/// <summary>Counts the values of one property.</summary>
/// <param name="property">The property; null for the identifier.</param>
/// <param name="column">Its column; null where rows have names of their own.</param>
/// <param name="room">How many more values may be told apart in all columns.</param>
/// <param name="masksValues">Whether letters and digits are replaced in what is shown.</param>
internal sealed class ColumnCounter(string? property, string? column, ValueRoom room, bool masksValues)
{
    private readonly ValueCounts _values = new(room, masksValues);
    private readonly long[] _kinds = new long[Enum.GetValues<ValueKind>().Length];
    private Histogram? _numbers;
    private Histogram? _dates;
    private long _withValue;
    private long _row;

    /// <summary>Counts a value, of which a row may have several.</summary>
    /// <param name="row">The number of the row.</param>
    /// <param name="kind">What the value is.</param>
    /// <param name="value">The value, as UTF-8: a text without its quotation marks, anything else as JSON.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(long row, ValueKind kind, ReadOnlySpan<byte> value)
    {
        if (_row != row)
            _withValue++;
        _row = row;
        _kinds[(int)kind]++;
        _values.Add(kind, value);
        switch (kind)
        {
            case ValueKind.Number when Utf8Parser.TryParse(value, out double number, out _):
                number = Math.Clamp(number, double.MinValue, double.MaxValue);
                (_numbers ??= new(HistogramLabels.Number, masksValues)).Add(number, value);
                break;
            case ValueKind.Date:
                (_dates ??= new(HistogramLabels.Date, masksValues)).Add(IsoDate.Days(value), value);
                break;
        }
    }

    /// <summary>What was counted.</summary>
    /// <param name="rows">How many rows there were.</param>
    public ColumnSummary Summary(long rows) => new()
    {
        Property = property,
        Column = column,
        Rows = rows,
        WithValue = _withValue,
        Distinct = _values.Distinct,
        HasMoreDistinct = _values.HasMore,
        Frequent = _values.Frequent(),
        Kinds =
        [
            .. Enum.GetValues<ValueKind>().Select(kind => new KindCount(kind, _kinds[(int)kind]))
                .Where(kind => kind.Count > 0).OrderByDescending(kind => kind.Count),
        ],
        Numbers = _numbers?.Range(),
        Dates = _dates?.Range(),
    };
}
