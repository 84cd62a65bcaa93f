using System.Globalization;

namespace ProfilesModule.Sources.Columns;

/// <summary>What a format of dates says.</summary>
internal static class DateFormat
{
    /// <summary>Whether it has a day, a month and a year, without which .NET would complete a date from today.</summary>
    public static bool IsWhole(string format, CultureInfo culture)
    {
        if (format.Length == 1)
            return "dDfFgGoOrRsuU".Contains(format, StringComparison.Ordinal)
                && culture.DateTimeFormat.GetAllDateTimePatterns(format[0]).All(pattern => IsWhole(pattern, culture));
        var letters = Letters(format).ToArray();
        return letters.Contains('y') && letters.Contains('M') && letters.Contains('d');
    }

    /// <summary>Whether it has the time of day: any standard one but those of dates and months, and a custom one with an hour.</summary>
    public static bool HasTime(string format) =>
        format.Length == 1 ? !"dDmMyY".Contains(format, StringComparison.Ordinal) : Letters(format).Any(letter => letter is 'h' or 'H');

    /// <summary>
    /// The letters of a custom format that are not text. Of d, only those of the day of the month: ddd is a day of the week.
    /// </summary>
    private static IEnumerable<char> Letters(string format)
    {
        for (var i = 0; i < format.Length; i++)
        {
            switch (format[i])
            {
                case '\\':
                    i++;
                    break;
                case '\'' or '"' when format.IndexOf(format[i], i + 1) is > 0 and var end:
                    i = end;
                    break;
                case 'd' when format.AsSpan(i).StartsWith("ddd"):
                    while (i + 1 < format.Length && format[i + 1] == 'd')
                        i++;
                    break;
                default:
                    yield return format[i];
                    break;
            }
        }
    }
}
