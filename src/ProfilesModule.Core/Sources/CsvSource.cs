using System.Globalization;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Model;
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

    /// <summary>Whether the files behind the first have no header, but its columns.</summary>
    public bool HeaderInFirstFileOnly { get; init; }

    /// <summary>Whether the types of columns are inferred from the first rows.</summary>
    public bool InfersTypes { get; init; }

    /// <summary>
    /// Whether letters and digits are replaced in a value that is told; null where none is, because values are the user's.
    /// </summary>
    public bool? MasksValues { get; init; }

    public ColumnOptions Columns { get; init; } = new();
}

/// <summary>Opens CSV files, and plans what their columns become.</summary>
internal sealed class CsvSource(ICsvFormat csv, CsvOptions options) : RowSource
{
    /// <summary>The properties of a DataRow itself, which Export-Csv takes for columns.</summary>
    internal static readonly string[] DataRowColumns = ["RowError", "RowState", "Table", "ItemArray", "HasErrors"];

    private bool _warnedOfLeftOut;
    private IReadOnlyList<string>? _firstHeader;

    /// <inheritdoc/>
    public override SourceFile Open(string path, Func<Stream>? input)
    {
        var dialect = options.HeaderInFirstFileOnly && _firstHeader is not null
            ? options.Dialect with { Header = options.Dialect.Header ?? _firstHeader }
            : options.Dialect;
        var rows = OpenRows(path, input, dialect);
        try
        {
            var sample = Decide(path, rows, () => Sample(path, input, dialect)).Sample;
            var origin = new CsvInput(path, this, options.Dialect, rows.ShownHeader);
            rows.Partition = Partition;
            return new CsvSourceFile(rows, origin, options, () => OpenRows(path, input, dialect, rows.Plan, Partition))
            {
                Identifiers = sample.Identifiers(rows.Plan.Identifier),
                LastLabelLine = LabelRows.LastLine(sample, rows.Header, rows.Plan.Identifier),
            };
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>What an import would decide about a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FailureException">The file cannot be used.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public CsvDecisions Look(string path)
    {
        using var rows = OpenRows(path, null, options.Dialect);
        return Decide(path, rows, () => Sample(path, null, options.Dialect));
    }

    /// <summary>The columns and the first rows of a file, also where nothing can be decided about it.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public (IReadOnlyList<string> Header, CsvSample Sample) Preview(string path)
    {
        using var rows = OpenRows(path, null, options.Dialect);
        return (rows.Header, CsvSample.Of(rows, options.Columns));
    }

    /// <inheritdoc/>
    public override Failure NotReadable(Exception exception, string path) => Failures.FileNotReadable(exception, path);

    /// <inheritdoc/>
    public override object Show(InputFile file, ReadOnlyMemory<byte> row)
    {
        var (_, _, dialect, header) = (CsvInput)file;
        var values = csv.Split(row, dialect);
        return header.Select((name, i) => KeyValuePair.Create(Shown(name, i), i < values.Count ? values[i] : null)).ToArray();
    }

    /// <inheritdoc/>
    public override bool IsShownAsText(Failure failure) => failure.IsParseError;

    /// <summary>The rows of a reject file that an earlier run wrote for files with these columns.</summary>
    public IReadOnlyList<KeptRow> KeptRows(string rejects, ColumnPlan plan)
    {
        using var rows = OpenRows(rejects, null, options.Dialect);
        if (!rows.IsRejectFile)
            return [];
        rows.Plan = plan;
        return [.. rows.KeptRows(options.Dialect.Encoding)];
    }

    private CsvRows OpenRows(
        string path, Func<Stream>? input, CsvDialect dialect, ColumnPlan? plan = null, Partition? partition = null)
    {
        var rows = DialectRows.Open(dialect => input is null ? csv.Open(path, dialect) : csv.Open(input(), dialect), dialect);
        rows.Partition = partition;
        if (plan is not null)
            rows.Plan = plan;
        return rows;
    }

    // An object cannot have a property without a name.
    private static string Shown(string name, int column) => string.IsNullOrWhiteSpace(name) ? $"Column {column + 1}" : name;

    private static string HeaderTwice(string path) =>
        $"The first row of the file '{path}' has the names of -Header, so the file has a header row of its own, "
            + "which is rejected as a row. "
        + "Omit -Header.";

    // A file without a header, such as a part of an export, would lose its first row, and the others their names.
    private void RequireSharedColumns(string path, IReadOnlyList<string> header)
    {
        var names = header.Select(IdentifierName.Bare).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (_firstHeader is not null && !names.Overlaps(_firstHeader.Select(IdentifierName.Bare).Where(name => name.Length > 0)))
            throw new FailureException(Failures.ColumnsDiffer(path, header));
        _firstHeader ??= header;
    }

    /// <summary>Decides what becomes of the columns of a file, and gives its rows the plan.</summary>
    private CsvDecisions Decide(string path, CsvRows rows, Func<CsvSample> read)
    {
        RequireSharedColumns(path, rows.Header);
        var sample = rows.IsRejectFile ? new() : read();
        if (sample.BeginsWithHeader && options.Dialect.Header is not null)
            Warn(HeaderTwice(path));
        var identifier = IdentifierColumn.In(rows.Header, path, options, sample);
        if (identifier.IsGuess)
            Warn($"The file '{path}' has no column with a recognized name for the distinct id, so '{rows.Header[identifier.Index]}' "
                + "identifies its users. -IdentifierColumn specifies another column.");
        var leftOut = LeftOut(rows.Header, identifier.Index);
        rows.Plan = Plan(path, rows, identifier, leftOut);
        var disagreeing = options.InfersTypes ? Infer(path, rows, sample) : [];
        return new(rows.Plan, identifier.IsGuess, leftOut, sample, disagreeing);
    }

    private ColumnPlan Plan(string path, CsvRows rows, IdentifierColumn identifier, string[] leftOut)
    {
        var columns = options.Columns;
        if (DataRowColumns.All(rows.Header.Contains) && DataRowColumns.Any(columns.Includes))
            throw new FailureException(Failures.DataRowColumns(path, DataRowColumns));
        try
        {
            return ColumnPlan.Create(rows.Header, identifier.Index, columns with
            {
                KeepsIdentifier = identifier.IsGuess,
                Includes = column => columns.Includes(column) && !leftOut.Contains(column) && !string.IsNullOrWhiteSpace(column),

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

    private CsvSample Sample(string path, Func<Stream>? input, CsvDialect dialect)
    {
        using var rows = OpenRows(path, input, dialect);
        return CsvSample.Of(rows, options.Columns);
    }

    private List<DisagreeingCell> Infer(string path, CsvRows rows, CsvSample sample)
    {
        var disagreeing = new List<DisagreeingCell>();
        rows.Plan = TypeInference.Infer(rows, sample, disagreeing);
        var types = CsvSourceFile.InWords(rows.Plan);
        Inform($"{Path.GetFileName(path)}: "
            + $"{(types.Length == 0 ? "every column is read as text" : $"read as {types}, other columns as text")}.");
        if (disagreeing.Count > 0)
            Inform($"{Path.GetFileName(path)}: {string.Join("; ", disagreeing.Select(Reason))}.");
        return disagreeing;

        string Reason(DisagreeingCell cell)
        {
            var value = options.MasksValues is { } masks ? $"'{ValueSample.Of(cell.Value.Span, masks)}' in " : "";
            return string.Create(CultureInfo.InvariantCulture, $"'{cell.Column}' stays text because of {value}line {cell.Line}");
        }
    }
}

/// <summary>A CSV file that updates come from.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Source">What opened it.</param>
/// <param name="Dialect">How it is written.</param>
/// <param name="Header">The columns of its rows.</param>
internal sealed record CsvInput(string Path, RowSource Source, CsvDialect Dialect, IReadOnlyList<string> Header) : InputFile(Path, Source);

/// <summary>What was decided about a CSV file.</summary>
/// <param name="Plan">What its columns become.</param>
/// <param name="IsGuess">Whether the identifier is in another column than one of the usual ones, of which the user is warned.</param>
/// <param name="LeftOut">The columns of a saved profile that are not properties.</param>
/// <param name="Sample">Its first rows.</param>
/// <param name="TextBecauseOf">Of the columns that stay text although some cells speak for a type, the first cell that does not.</param>
internal sealed record CsvDecisions(
    ColumnPlan Plan, bool IsGuess, IReadOnlyList<string> LeftOut, CsvSample Sample, IReadOnlyList<DisagreeingCell> TextBecauseOf);
