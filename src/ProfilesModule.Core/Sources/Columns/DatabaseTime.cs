namespace ProfilesModule.Sources.Columns;

/// <summary>
/// Times as databases write them, in the form that .NET reads: an offset of hours only, UTC in words, and any number of decimals.
/// </summary>
/// <remarks>Source: PostgreSQL (timestamptz: +00), BigQuery and Snowflake (UTC, +0000), Oracle and Snowflake (nine decimals).</remarks>
internal static class DatabaseTime
{
    /// <summary>How many characters a text may grow by.</summary>
    public const int MostAdded = 3;

    // As in 2026-01-31 12:00:00, and the decimals that a DateTime has.
    private const int SecondsLength = 19;
    private const int MostDecimals = 7;

    /// <summary>Rewrites a text in place, if it is such a time.</summary>
    /// <param name="text">The text, with room behind it.</param>
    /// <param name="length">Its length.</param>
    /// <returns>Its length afterwards.</returns>
    public static int Normalize(Span<char> text, int length)
    {
        if (length <= SecondsLength || text[4] != '-' || text[13] != ':' || text[16] != ':')
            return length;
        length = CutDecimals(text, length);
        var zone = SecondsLength;
        while (zone < length && (text[zone] is '.' || char.IsAsciiDigit(text[zone])))
            zone++;
        var rest = text[zone..length];
        var offset = rest is [' ', ..] ? rest[1..] : rest;
        if (offset is ['U', 'T', 'C'])
        {
            text[zone] = 'Z';
            return zone + 1;
        }

        if (offset is not ['+' or '-', _, _] || !char.IsAsciiDigit(offset[1]) || !char.IsAsciiDigit(offset[2]))
            return length;
        ":00".CopyTo(text[length..]);
        return length + MostAdded;
    }

    private static int CutDecimals(Span<char> text, int length)
    {
        if (text[SecondsLength] != '.')
            return length;
        var kept = SecondsLength + 1 + MostDecimals;
        var end = SecondsLength + 1;
        while (end < length && char.IsAsciiDigit(text[end]))
            end++;
        if (end <= kept)
            return length;
        text[end..length].CopyTo(text[kept..]);
        return length - (end - kept);
    }
}
