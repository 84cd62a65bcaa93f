using System.Buffers;
using System.Text;
using ProfilesModule.Model;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Sources;

/// <summary>The first rows of a CSV file, from which what concerns a whole column is decided before a row is sent.</summary>
internal sealed class CsvSample
{
    private const int MaximumRows = 1000;
    private const int MaximumBytes = 4 << 20;

    private readonly List<CsvSampleRow> _rows = [];

    /// <summary>The rows whose fields can be told apart, in the order of the file.</summary>
    public IReadOnlyList<CsvSampleRow> Rows => _rows;

    /// <summary>Whether the first row has the names of the columns.</summary>
    public bool BeginsWithHeader { get; private set; }

    /// <summary>Reads the first rows of a file. Where the file cannot be read on, the sample ends: the import tells of it.</summary>
    /// <param name="rows">The file, at its first record. It is read.</param>
    /// <param name="options">What becomes of its columns.</param>
    public static CsvSample Of(CsvRows rows, ColumnOptions options)
    {
        var sample = new CsvSample();
        rows.Plan = ColumnPlan.Create(rows.Header, -1, new()
        {
            Includes = _ => false,
            MismatchedField = options.MismatchedField,
            Texts = options.Texts,
        });
        try
        {
            var (bytes, columns) = (0L, Enumerable.Range(0, rows.Header.Count));
            for (var read = 0; read < MaximumRows && bytes < MaximumBytes && rows.Read(); read++)
            {
                sample.BeginsWithHeader |= read == 0 && rows.Failure?.Id == ErrorId.RepeatedHeader;
                bytes += rows.RawRecord.Length;
                if (rows.Failure is null)
                    sample._rows.Add(new(rows.LineNumber, [.. columns.Select(column => rows.Field(column).ToArray())]));
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or DecoderFallbackException)
        {
        }

        return sample;
    }

    /// <summary>The distinct ids in a column.</summary>
    /// <param name="column">The index of the column; -1 for none.</param>
    public IdentifierForms Identifiers(int column)
    {
        var forms = new IdentifierForms();
        foreach (var row in column < 0 ? [] : _rows)
        {
            var id = Blanks.Trim(row.Fields[column].Span);
            if (!id.IsEmpty)
                forms.Add(id, row.Line);
        }

        return forms;
    }
}

/// <summary>One row of a sample.</summary>
/// <param name="Line">The 1-based line of the file where it starts.</param>
/// <param name="Fields">Its fields, as UTF-8, one for each column; empty where the row has none.</param>
internal sealed record CsvSampleRow(long Line, IReadOnlyList<ReadOnlyMemory<byte>> Fields);

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
