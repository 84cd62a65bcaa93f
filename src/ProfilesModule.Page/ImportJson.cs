using System.Text;
using System.Text.Json;
using ProfilesModule.Rules;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Columns;
using ProfilesModule.Statistics;

namespace ProfilesModule.Page;

/// <summary>What the page is told of an import.</summary>
internal static class ImportJson
{
    private const int ShownRows = 5;
    private const int LongestCell = 200;
    private const int ShownValues = 3;

    // As the mapping does where nothing was chosen yet.
    private static readonly RowOptions Proposing = new() { UsesReservedNames = true };

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>How the file is read.</summary>
    public static void Write(Utf8JsonWriter writer, ImportSettings settings)
    {
        writer.WriteString("encoding", settings.Encoding);
        writer.WriteString("delimiter", settings.Delimiter);
        writer.WriteBoolean("hasHeader", settings.HasHeader);
    }

    /// <summary>Why the file cannot be imported so; nothing if it can.</summary>
    public static void Write(Utf8JsonWriter writer, ImportUpload upload, Failure? failure)
    {
        if (failure is null)
            return;
        writer.WriteString("error", upload.Shown(failure.Message));
        writer.WriteString("remedy", upload.Shown(failure.Remedy));
        writer.WriteBoolean("isAboutIdentifier", failure.Id is ErrorId.IdentifierColumnNotFound or ErrorId.IdentifierColumnAmbiguous);
    }

    /// <summary>The columns and the first rows of a file.</summary>
    public static void Write(
        Utf8JsonWriter writer, ImportSettings settings, IReadOnlyList<string> header, CsvSample sample, ProposedMapping? proposed)
    {
        var plan = proposed?.Decisions.Plan;
        var chosen = settings.Columns;
        writer.WriteNumber("identifier", plan?.Identifier ?? settings.Identifier ?? -1);
        writer.WriteBoolean("isGuess", proposed?.Decisions.IsGuess == true);
        writer.WriteStartArray("columns");
        for (var i = 0; i < header.Count; i++)
        {
            var isNamed = !string.IsNullOrWhiteSpace(header[i]);
            var column = plan?.Columns.FirstOrDefault(column => column.Index == i);
            var property = settings.HasHeader ? Proposing.PropertyOf(header[i]) : header[i];
            var known = chosen.ElementAtOrDefault(i) ?? new(header[i], property, null, isNamed);
            var shown = column is null ? known with { IsImported = known.IsImported && plan is null } : Chosen(column);
            JsonSerializer.Serialize(writer, shown, Options);
        }

        writer.WriteEndArray();
        writer.WritePropertyName("rows");
        JsonSerializer.Serialize(writer, sample.Rows.Take(ShownRows).Select(row => row.Fields.Select(Shown)));
        writer.WritePropertyName("warnings");
        JsonSerializer.Serialize(writer, proposed?.Warnings ?? []);
    }

    /// <summary>How far something is, or what came of it.</summary>
    public static void Write(Utf8JsonWriter writer, ImportUpload upload, ImportWork work)
    {
        // First, because what is written after it is then final.
        var isRunning = work.IsRunning;
        writer.WriteBoolean("isRunning", isRunning);
        writer.WriteBoolean("isImport", work.IsImport);
        writer.WriteNumber("fraction", work.Fraction);
        writer.WriteBoolean("isStopped", work.IsStopped);
        writer.WriteBoolean("isIncomplete", !isRunning && work.IsIncomplete);
        var account = work.Account;
        writer.WritePropertyName("account");
        var counts = new { account.Read, account.Accepted, account.Rejected, account.Skipped, account.Unsent };
        JsonSerializer.Serialize(writer, counts, Options);
        writer.WritePropertyName("messages");
        JsonSerializer.Serialize(writer, work.Messages.Select(item => upload.Shown(item)), Options);
        if (isRunning)
            return;
        writer.WritePropertyName("findings");
        JsonSerializer.Serialize(writer, work.Findings.Select(Shown), Options);
        writer.WritePropertyName("statistics");
        JsonSerializer.Serialize(writer, work.Statistics?.Columns().Select(Shown) ?? [], Options);
        if (work.Comparison is { } comparison)
            Write(writer, comparison);
    }

    private static ChosenColumn Chosen(CsvColumn column) => new(column.Header, column.Property, column.Frozen.ToString(), IsImported: true);

    private static void Write(Utf8JsonWriter writer, ImportComparison comparison)
    {
        writer.WriteStartObject("comparison");
        writer.WriteNumber("new", comparison.Count(ProfileOutcome.New));
        writer.WriteNumber("changed", comparison.Count(ProfileOutcome.Changed));
        writer.WriteNumber("unchanged", comparison.Count(ProfileOutcome.Unchanged));
        writer.WritePropertyName("properties");
        JsonSerializer.Serialize(writer, comparison.Properties, Options);
        writer.WritePropertyName("samples");
        var samples = comparison.Samples.Select(sample => new { sample.Id, Outcome = sample.Outcome.ToString(), sample.Changes });
        JsonSerializer.Serialize(writer, samples, Options);
        writer.WriteEndObject();
    }

    private static object Shown(ColumnSummary column) => new
    {
        column.Property,
        column.Column,
        column.EmptyShare,
        column.Distinct,
        column.HasMoreDistinct,
        Frequent = column.Frequent.Take(ShownValues),
        Range = column.Numbers ?? column.Dates,
        column.Rows,
    };

    private static object Shown(Finding finding) => new
    {
        finding.Property,
        IsError = finding.Rule.Severity == RuleSeverity.Error,
        finding.Message,
        finding.Rule.Remedy,
        finding.Count,
        finding.Lines,
        finding.Sample,
    };

    private static string Shown(ReadOnlyMemory<byte> cell)
    {
        var text = Encoding.UTF8.GetString(cell.Span);
        return text.Length <= LongestCell ? text : $"{text[..LongestCell]}…";
    }
}
