using System.Buffers;
using System.Text;

namespace ProfilesModule.Sources;

/// <summary>
/// Finds rows below a header that explain its columns, as survey tools and spreadsheets have them: "User ID" above identifiers. They
/// look like data, so what tells them is that the rows behind them look otherwise.
/// </summary>
internal static class LabelRows
{
    private static readonly SearchValues<byte> OfIdentifiers = SearchValues.Create("0123456789@"u8);

    // The texts of questions, and below them the ids of the questions.
    private const int MaximumRows = 2;

    /// <summary>The line of the last such row; 0 when there is none.</summary>
    /// <param name="sample">The first rows of the file.</param>
    /// <param name="header">The names of its columns.</param>
    /// <param name="identifier">The index of the column of the identifier; -1 for none.</param>
    public static long LastLine(CsvSample sample, IReadOnlyList<string> header, int identifier)
    {
        if (sample.Rows.Count == 0)
            return 0;
        if (header.Select((name, i) => (Name: Letters(name), Label: LettersOf(sample.Rows[0], i))).All(pair => pair.Name == pair.Label))
            return sample.Rows[0].Line;
        var labels = identifier < 0 ? [] : sample.Rows.TakeWhile(row => IsLabel(row, identifier)).ToArray();
        var others = sample.Rows.Skip(labels.Length).ToArray();
        if (labels.Length is 0 or > MaximumRows || others.Length < 2 || others.Any(row => IsLabel(row, identifier)))
            return 0;
        var columns = Enumerable.Range(0, header.Count);
        return columns.Any(i => IsNamedLike(labels[0], header, i) || (i != identifier && Differs(labels, others, i))) ? labels[^1].Line : 0;
    }

    private static bool IsNamedLike(CsvSampleRow label, IReadOnlyList<string> header, int column) =>
        LettersOf(label, column) is { Length: > 0 } letters && letters == Letters(header[column]);

    private static bool Differs(CsvSampleRow[] labels, CsvSampleRow[] others, int column) =>
        labels.All(row => !row.Fields[column].IsEmpty && IsLabel(row, column))
        && others.Where(row => !row.Fields[column].IsEmpty).Take(3).Count() > 1
        && others.All(row => row.Fields[column].IsEmpty || !IsLabel(row, column));

    /// <summary>Whether a cell has no digit and is not an address, so that it can be the name of something.</summary>
    private static bool IsLabel(CsvSampleRow row, int column) => row.Fields[column].Span.IndexOfAny(OfIdentifiers) < 0;

    private static string LettersOf(CsvSampleRow row, int column) => Letters(Encoding.UTF8.GetString(row.Fields[column].Span));

    private static string Letters(string text) => new([.. text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}
