using System.Management.Automation;
using System.Text;
using ProfilesModule.Rows;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;

namespace ProfilesModule.Commands;

public abstract partial class ImportCsvCommand
{
    /// <summary>What the columns of a file become; null, after an error, when that cannot be.</summary>
    private ColumnPlan? Plan(string file, ICsvReader reader, int identifier, bool keepsIdentifier)
    {
        var leftOut = LeftOut(reader.Header, identifier);
        var includes = ColumnFilter.Of(Property, ExcludeProperty);
        try
        {
            return ColumnPlan.Create(reader.Header, identifier, new()
            {
                KeepsIdentifier = keepsIdentifier,
                Includes = column => includes(column) && !leftOut.Contains(column),
                Required = [.. ColumnFilter.Literal(Property, nameof(Property)), .. CsvImport.IsRejectFile(reader) ? [] : ColumnFilter.Literal(ExcludeProperty, nameof(ExcludeProperty))],
                Hashed = HashProperty,
                Withholds = ColumnFilter.Any(ExcludeProperty),
                PropertyMap = ColumnFilter.Names(PropertyMap),
                UsesReservedNames = UseReservedName,
                ExpandsNames = ExpandName,
                Types = ColumnFilter.Types(PropertyType),
                Format = new() { Culture = Culture, DateFormats = DateFormat, TimeZone = TimeZone, ListSeparator = ListSeparator },
                EmptyCell = EmptyCell,
                MismatchedField = MismatchedFieldAction,
            });
        }
        catch (ColumnException e)
        {
            Fail(Errors.ColumnsUnfit(e, file));
        }
        catch (ArgumentException e)
        {
            Fail(Errors.InvalidPropertyType(e, PropertyType!));
        }
        catch (FormatException e)
        {
            Fail(Errors.InvalidPropertyMap(e, PropertyMap!));
        }

        return null;
    }

    private string[] LeftOut(IReadOnlyList<string> header, int identifier)
    {
        if (IdentifierColumn is not null || identifier < 0)
            return [];
        string[] columns = [.. ShownProfile.NotProperties(header, identifier, _ => false).Select(i => header[i])];
        if (columns.Length > 0 && !_warned)
            WriteWarning(ShownProfile.Warning(columns, "-IdentifierColumn"));
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
            var types = Types(inferred);

            // As Write-Host does: it is shown, and can be redirected.
            WriteInformation(new HostInformationMessage { Message = $"{System.IO.Path.GetFileName(file)}: {(types.Length == 0 ? "every column is taken as text" : $"taken as {types}, other columns as text")}." }, ["PSHOST"]);
            return inferred;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or DecoderFallbackException)
        {
            Fail(Errors.FileNotReadable(e, file));
            return null;
        }
    }

    private static string Types(ColumnPlan plan) =>
        string.Join(", ", plan.Columns.Where(c => c.TypeSource == TypeSource.Inferred).GroupBy(c => c.Type).OrderBy(g => g.Key).Select(g => $"{g.Key}: {string.Join(" ", g.Select(c => $"'{c.Header}'"))}"));
}
