using System.Management.Automation;
using System.Text;
using ProfilesModule.Delivery.Trail;
using ProfilesModule.Files;
using ProfilesModule.Isolation;
using ProfilesModule.Pipeline;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Rows;

/// <summary>Finds out what the columns of files become, and tells what speaks against it.</summary>
/// <param name="shape">The parameters that say so.</param>
/// <param name="command">The command that has them.</param>
/// <param name="inputs">The files.</param>
/// <param name="fail">Hears of what is wrong with a file.</param>
internal sealed class CsvPlanning(ICsvShape shape, PSCmdlet command, FileInputs inputs, Action<ErrorRecord> fail)
{
    private bool _warned;

    /// <summary>The names of the column that holds the identifier, when none is named.</summary>
    public required IReadOnlyList<string> UsualIdentifiers { get; init; }

    /// <summary>Names of columns that serve as the identifier where there is none of the usual ones.</summary>
    public IReadOnlyList<string> OtherIdentifiers { get; init; } = [];

    /// <summary>Whether the rows of a file without an identifier get random ones.</summary>
    public bool MakesIdentifiers { get; init; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It has no readable header.</exception>
    public ICsvReader Open(string file) =>
        inputs.Once is { } once ? CsvImport.Open(Dependencies.Csv, once, shape.Dialect) : CsvImport.Open(Dependencies.Csv, file, shape.Dialect);

    /// <summary>The same, as the plan of its columns wants it shown.</summary>
    public ICsvReader Open(string file, ColumnPlan plan) => RedactedReader.Of(Open(file), plan, shape.Delimiter);

    /// <summary>The rows of a reject file that an earlier run wrote, of files with these columns.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It cannot be read on.</exception>
    public IEnumerable<KeptRow> KeptRows(string rejects, ColumnPlan plan)
    {
        using var reader = CsvImport.Open(Dependencies.Csv, rejects, shape.Dialect);
        return CsvImport.IsRejectFile(reader) ? [.. CsvUpdates.KeptRows(RedactedReader.Of(reader, plan, shape.Delimiter), plan, shape.Dialect.Encoding)] : [];
    }

    /// <summary>What the columns of a file become; null, after an error, when that cannot be.</summary>
    public ColumnPlan? Plan(string file, ICsvReader reader)
    {
        var problem = CsvHeader.Check(file, reader.Header, shape.IdentifierColumn, UsualIdentifiers, MakesIdentifiers ? [] : OtherIdentifiers, out var identifier, out var isGuess);
        if (problem is not null && !(MakesIdentifiers && problem.FullyQualifiedErrorId == nameof(ErrorId.IdentifierColumnNotFound)))
        {
            fail(problem);
            return null;
        }

        if (isGuess)
            command.Warn($"The file '{file}' has no column that is known to hold the distinct id, so '{reader.Header[identifier]}' identifies its users. -IdentifierColumn says which column does.");
        return Plan(file, reader, identifier, isGuess) is not { } plan ? null : shape.InferType ? Inferred(file, plan) : plan;
    }

    /// <summary>The types that were inferred, in words; empty when there are none.</summary>
    public static string InferredTypes(ColumnPlan plan) =>
        string.Join(", ", plan.Columns.Where(c => c.TypeSource == TypeSource.Inferred).GroupBy(c => c.Type).OrderBy(g => g.Key).Select(g => $"{g.Key}: {string.Join(" ", g.Select(c => $"'{c.Header}'"))}"));

    private ColumnPlan? Plan(string file, ICsvReader reader, int identifier, bool keepsIdentifier)
    {
        var leftOut = LeftOut(reader.Header, identifier);
        var includes = ColumnFilter.Of(shape.Property, shape.ExcludeProperty);
        try
        {
            return ColumnPlan.Create(reader.Header, identifier, new()
            {
                KeepsIdentifier = keepsIdentifier,
                Includes = column => includes(column) && !leftOut.Contains(column),
                Required = [.. ColumnFilter.Literal(shape.Property, nameof(shape.Property)), .. CsvImport.IsRejectFile(reader) ? [] : ColumnFilter.Literal(shape.ExcludeProperty, nameof(shape.ExcludeProperty))],
                Hashed = shape.HashProperty,
                Withholds = ColumnFilter.Any(shape.ExcludeProperty),
                PropertyMap = ColumnFilter.Names(shape.PropertyMap),
                UsesReservedNames = shape.UseReservedName,
                ExpandsNames = shape.ExpandName,
                Types = ColumnFilter.Types(shape.PropertyType),
                Format = new() { Culture = shape.Culture, DateFormats = shape.DateFormat, TimeZone = shape.TimeZone, ListSeparator = shape.ListSeparator },
                EmptyCell = shape.EmptyCell,
                MismatchedField = shape.MismatchedFieldAction,
            });
        }
        catch (ColumnException e)
        {
            fail(Errors.ColumnsUnfit(e, file));
        }
        catch (ArgumentException e)
        {
            fail(Errors.InvalidPropertyType(e, shape.PropertyType!));
        }
        catch (FormatException e)
        {
            fail(Errors.InvalidPropertyMap(e, shape.PropertyMap!));
        }

        return null;
    }

    private string[] LeftOut(IReadOnlyList<string> header, int identifier)
    {
        if (shape.IdentifierColumn is not null || identifier < 0)
            return [];
        string[] columns = [.. ShownProfile.NotProperties(header, identifier).Select(i => header[i])];
        if (columns.Length > 0 && !_warned)
            command.Warn(ShownProfile.Warning(columns, "-IdentifierColumn"));
        _warned |= columns.Length > 0;
        return columns;
    }

    /// <summary>The plan with what the first rows of the file say; null, after an error, when it cannot be read.</summary>
    private ColumnPlan? Inferred(string file, ColumnPlan plan)
    {
        try
        {
            using var sample = Open(file, plan);
            var inferred = TypeInference.Infer(plan, sample);
            var types = InferredTypes(inferred);

            // As Write-Host does: it is shown, and can be redirected.
            command.WriteInformation(new HostInformationMessage { Message = $"{Path.GetFileName(file)}: {(types.Length == 0 ? "every column is taken as text" : $"taken as {types}, other columns as text")}." }, ["PSHOST"]);
            return inferred;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or DecoderFallbackException)
        {
            fail(Errors.FileNotReadable(e, file));
            return null;
        }
    }
}
