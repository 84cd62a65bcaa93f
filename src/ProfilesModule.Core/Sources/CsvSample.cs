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
            sample.Read(rows);
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

    private void Read(CsvRows rows)
    {
        var bytes = 0L;
        for (var read = 0; read < MaximumRows && bytes < MaximumBytes && rows.Read(); read++)
        {
            BeginsWithHeader |= read == 0 && rows.Failure?.Id == ErrorId.RepeatedHeader;
            bytes += rows.RawRecord.Length;
            if (rows.Failure is null)
                _rows.Add(CsvSampleRow.Of(rows));
        }
    }
}

/// <summary>One row of a sample.</summary>
/// <param name="Line">The 1-based line of the file where it starts.</param>
/// <param name="Fields">Its fields, as UTF-8, one for each column; empty where the row has none.</param>
internal sealed record CsvSampleRow(long Line, IReadOnlyList<ReadOnlyMemory<byte>> Fields)
{
    public static CsvSampleRow Of(CsvRows row)
    {
        var fields = new ReadOnlyMemory<byte>[row.Header.Count];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = row.Field(i).ToArray();
        return new(row.LineNumber, fields);
    }
}
