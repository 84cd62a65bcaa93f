using ProfilesModule.Delivery.Trail;
using ProfilesModule.Rules;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Sources;

/// <summary>How CSV files become updates.</summary>
internal sealed record CsvOptions
{
    public CsvDialect Dialect { get; init; } = new();

    /// <summary>The name or the 1-based position of the column that holds the identifier; null for one of the usual names.</summary>
    public string? IdentifierColumn { get; init; }

    public IReadOnlyList<string> IdentifierNames { get; init; } = ProfileFields.DistinctIdNames;

    /// <summary>Names of columns that identify profiles when there is none of the usual ones, the best first.</summary>
    public IReadOnlyList<string> OtherIdentifiers { get; init; } = [];

    /// <summary>Whether the rows of a file without an identifier get random ones.</summary>
    public bool MakesIdentifiers { get; init; }

    /// <summary>Whether the types of columns are inferred from the first rows.</summary>
    public bool InfersTypes { get; init; }

    public ColumnOptions Columns { get; init; } = new();
}

/// <summary>Opens CSV files, and plans what their columns become.</summary>
internal sealed class CsvSource(ICsvFormat csv, CsvOptions options) : RowSource
{
    private bool _warnedOfLeftOut;

    /// <inheritdoc/>
    public override SourceFile Open(string path, Func<Stream>? input)
    {
        var rows = OpenRows(path, input);
        try
        {
            var sample = rows.IsRejectFile ? new() : Sample(path, input);
            rows.Plan = Plan(path, rows);
            if (options.InfersTypes)
                Infer(path, rows, sample);
            return new CsvSourceFile(rows, new(path, this, options.Dialect, rows.ShownHeader), options, () => OpenRows(path, input, rows.Plan))
            {
                Identifiers = sample.Identifiers(rows.Plan.Identifier),
            };
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override Failure NotReadable(Exception exception, string path) => Failures.FileNotReadable(exception, path);

    /// <inheritdoc/>
    public override object Show(InputFile file, ReadOnlyMemory<byte> row)
    {
        var (_, _, dialect, header) = (CsvInput)file;
        var values = csv.Split(row, dialect);
        return header.Select((name, i) => KeyValuePair.Create(name, i < values.Count ? values[i] : null)).ToArray();
    }

    /// <inheritdoc/>
    public override bool IsShownAsText(Failure failure) => failure.IsParseError;

    /// <summary>The rows of a reject file that an earlier run wrote for files with these columns.</summary>
    public IReadOnlyList<KeptRow> KeptRows(string rejects, ColumnPlan plan)
    {
        using var rows = OpenRows(rejects, null);
        if (!rows.IsRejectFile)
            return [];
        rows.Plan = plan;
        return [.. rows.KeptRows(options.Dialect.Encoding)];
    }

    private CsvRows OpenRows(string path, Func<Stream>? input, ColumnPlan? plan = null)
    {
        var rows = CsvRows.Open(dialect => input is null ? csv.Open(path, dialect) : csv.Open(input(), dialect), options.Dialect);
        if (plan is not null)
            rows.Plan = plan;
        return rows;
    }

    private ColumnPlan Plan(string path, CsvRows rows)
    {
        var identifier = IdentifierColumn.In(rows.Header, path, options);
        if (identifier.IsGuess)
            Warn($"The file '{path}' has no column with a recognized name for the distinct id, so '{rows.Header[identifier.Index]}' identifies its users. -IdentifierColumn specifies another column.");
        var leftOut = LeftOut(rows.Header, identifier.Index);
        var columns = options.Columns;
        try
        {
            return ColumnPlan.Create(rows.Header, identifier.Index, columns with
            {
                KeepsIdentifier = identifier.IsGuess,
                Includes = column => columns.Includes(column) && !leftOut.Contains(column),

                // A reject file does not have the columns that were left out.
                Required = [.. columns.Required.Where(name => !(rows.IsRejectFile && name.Value == "ExcludeProperty"))],
            });
        }
        catch (FailureException e)
        {
            throw new FailureException(Failures.ColumnRefused(e.Failure, path));
        }
    }

    private string[] LeftOut(IReadOnlyList<string> header, int identifier)
    {
        if (options.IdentifierColumn is not null || identifier < 0)
            return [];
        string[] columns = [.. ProfileFields.MetadataFields(header, identifier).Select(i => header[i])];
        if (columns.Length > 0 && !_warnedOfLeftOut)
            Warn(ProfileFields.Warning(columns, "-IdentifierColumn"));
        _warnedOfLeftOut |= columns.Length > 0;
        return columns;
    }

    private CsvSample Sample(string path, Func<Stream>? input)
    {
        using var rows = OpenRows(path, input);
        return CsvSample.Of(rows, options.Columns);
    }

    private void Infer(string path, CsvRows rows, CsvSample sample)
    {
        rows.Plan = TypeInference.Infer(rows, sample);
        var types = CsvSourceFile.InWords(rows.Plan);
        Inform($"{Path.GetFileName(path)}: {(types.Length == 0 ? "every column is read as text" : $"read as {types}, other columns as text")}.");
    }
}

/// <summary>A CSV file that updates come from.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Source">What opened it.</param>
/// <param name="Dialect">How it is written.</param>
/// <param name="Header">The columns of its rows.</param>
internal sealed record CsvInput(string Path, RowSource Source, CsvDialect Dialect, IReadOnlyList<string> Header) : InputFile(Path, Source);
