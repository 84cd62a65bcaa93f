using System.Globalization;

namespace ProfilesModule.Sources.Columns;

/// <summary>How values are written in the cells of a file.</summary>
internal sealed record CellFormat
{
    /// <summary>The culture of numbers and dates. Default the invariant one: a point before decimals, no thousands separators, ISO 8601 dates.</summary>
    public CultureInfo Culture { get; init; } = CultureInfo.InvariantCulture;

    /// <summary>The formats of dates, as for DateTime.ParseExact. Default: ISO 8601, or with a culture what that culture writes.</summary>
    public IReadOnlyList<string> DateFormats { get; init; } = [];

    /// <summary>The zone of dates that have a time and no offset. Default UTC, as the service takes them.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>What sets the elements of a list apart. Default a semicolon.</summary>
    public string ListSeparator { get; init; } = ";";
}
