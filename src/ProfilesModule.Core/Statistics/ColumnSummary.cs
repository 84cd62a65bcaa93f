namespace ProfilesModule.Statistics;

/// <summary>What one property holds in the rows that would be sent.</summary>
internal sealed record ColumnSummary
{
    /// <summary>The property, or the path to a member of an object, with dots; null for the identifier.</summary>
    public required string? Property { get; init; }

    /// <summary>The column of the file; null where rows have names of their own.</summary>
    public required string? Column { get; init; }

    /// <summary>How many rows would be sent.</summary>
    public required long Rows { get; init; }

    /// <summary>In how many of them it has a value; null and an empty text are none.</summary>
    public required long WithValue { get; init; }

    /// <summary>The part of the rows in which it has none, 0 to 1.</summary>
    public double EmptyShare => Rows == 0 ? 0 : 1 - ((double)WithValue / Rows);

    /// <summary>How many different values it has, or at least has.</summary>
    public required int Distinct { get; init; }

    /// <summary>Whether it has more of them.</summary>
    public required bool HasMoreDistinct { get; init; }

    /// <summary>
    /// The most frequent values, with exact counts. Where there are more values than are told apart, it is the most frequent of those
    /// that are.
    /// </summary>
    public required IReadOnlyList<FrequentValue> Frequent { get; init; }

    /// <summary>The kinds of its values, the most frequent first.</summary>
    public required IReadOnlyList<KindCount> Kinds { get; init; }

    /// <summary>Its numbers; null for none.</summary>
    public required ValueRange? Numbers { get; init; }

    /// <summary>Its dates; null for none.</summary>
    public required ValueRange? Dates { get; init; }
}

/// <summary>A value, as it is shown, and how often it occurs.</summary>
internal sealed record FrequentValue(string Text, long Count);

/// <summary>How many values are of a kind.</summary>
internal sealed record KindCount(ValueKind Kind, long Count);

/// <summary>What the service takes a value for.</summary>
internal enum ValueKind
{
    Text,
    Number,
    Boolean,

    /// <summary>A text that is an ISO 8601 date.</summary>
    Date,
    List,
    Object,
}

/// <summary>How numbers or dates are spread.</summary>
/// <param name="Minimum">The least value, as it is sent.</param>
/// <param name="Maximum">The greatest value, as it is sent.</param>
/// <param name="Bins">Ranges of one width, which follow each other, with exact counts.</param>
internal sealed record ValueRange(string Minimum, string Maximum, IReadOnlyList<HistogramBin> Bins);

/// <summary>How many values are in a range.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">The first value behind it.</param>
/// <param name="Count">How many are in it.</param>
internal sealed record HistogramBin(string From, string To, long Count);
