using System.Globalization;

namespace ProfilesModule.Sources.Columns;

/// <summary>
/// Dates in any form that a culture writes, in its calendar. .NET completes what is missing from today: such a text is not a date here.
/// </summary>
internal sealed class CultureDate(CultureInfo culture)
{
    // A year of another calendar that was meant as one of ours, or the other way round, is far from here.
    private const int FirstYear = 1800;
    private const int LastYear = 2199;

    /// <summary>
    /// Whether a date that was read in a culture with another calendar was surely written in ours, or the other way round.
    /// </summary>
    public static bool IsOfAnotherCalendar(DateTime date, CultureInfo culture) =>
        culture.Calendar is not GregorianCalendar && date.Year is (< FirstYear or > LastYear);

    /// <summary>Parses a text.</summary>
    /// <param name="text">The text, without blanks around it.</param>
    /// <param name="date">The date; in UTC where the text has an offset.</param>
    /// <param name="hasTime">Whether the text has a time.</param>
    public bool TryParse(ReadOnlySpan<char> text, out DateTime date, out bool hasTime)
    {
        hasTime = false;
        if (!DateTime.TryParse(text, culture, DateCell.Styles, out date) || IsOfAnotherCalendar(date, culture))
            return false;

        // Kept as written: the day of a time with an offset may be another in UTC.
        if (!DateTimeOffset.TryParse(text, culture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var written))
            return false;
        var withoutTime = WithoutTime(text.ToString());
        if (!SaysAll(withoutTime, written.DateTime))
            return false;
        hasTime = date.Kind != DateTimeKind.Unspecified || date.TimeOfDay != TimeSpan.Zero || withoutTime.Length != text.Length;
        return true;
    }

    /// <summary>Whether a text names the day, the month and the year of a date, each for itself.</summary>
    private bool SaysAll(string text, DateTime date)
    {
        var numbers = Numbers(text);
        var calendar = culture.Calendar;
        var year = calendar.GetYear(date);
        return Take(numbers, year, year % 100) && Take(numbers, calendar.GetDayOfMonth(date))
            && (Take(numbers, calendar.GetMonth(date)) || NamesMonth(text, calendar.GetMonth(date)));
    }

    private static bool Take(List<int> numbers, int number, int shorter = -1) =>
        numbers.Remove(number) || (shorter >= 0 && numbers.Remove(shorter));

    private bool NamesMonth(string text, int month)
    {
        var format = culture.DateTimeFormat;
        return new[] { format.MonthNames, format.MonthGenitiveNames, format.AbbreviatedMonthNames, format.AbbreviatedMonthGenitiveNames }
            .Select(names => names[month - 1].TrimEnd('.'))
            // In Chinese and Korean a name is the number of the month, which was taken before.
            .Any(name => name.Length > 0 && !name.Any(char.IsAsciiDigit)
                && culture.CompareInfo.IndexOf(text, name, CompareOptions.IgnoreCase) >= 0);
    }

    private static List<int> Numbers(string text)
    {
        var numbers = new List<int>();
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiDigit(text[i]))
                continue;
            var start = i;
            while (i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]))
                i++;
            if (int.TryParse(text.AsSpan(start, i + 1 - start), CultureInfo.InvariantCulture, out var number))
                numbers.Add(number);
        }

        return numbers;
    }

    /// <summary>
    /// The part of a text before its time of day: what stands before the number that a colon, or the culture's own separator,
    /// follows.
    /// </summary>
    private static string WithoutTime(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 && text.LastIndexOf(' ') is > 0 and var blank && Numbers(text[blank..]).Count > 1 && Numbers(text[..blank]).Count > 1)
            return text[..blank];
        if (colon < 0)
            return text;
        var start = colon;
        while (start > 0 && char.IsAsciiDigit(text[start - 1]))
            start--;
        return text[..start];
    }
}
