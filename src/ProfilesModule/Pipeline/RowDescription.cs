using System.Management.Automation;
using ProfilesModule.Delivery;
using ProfilesModule.Sources;

namespace ProfilesModule.Pipeline;

/// <summary>Names a row to the user, and gives it back.</summary>
internal abstract class RowDescription
{
    /// <summary>What a row is called in a message.</summary>
    public abstract string Position(UpdateOrigin origin);

    /// <summary>What several rows are called in a message.</summary>
    public abstract string Range(UpdateOrigin first, UpdateOrigin last);

    /// <summary>The row as the user gave it.</summary>
    public abstract object? Target(FailedUpdate update);
}

/// <summary>Rows that came through the pipeline.</summary>
internal sealed class PipelineRowDescription : RowDescription
{
    public override string Position(UpdateOrigin origin) => $"Object {origin.Row}";

    public override string Range(UpdateOrigin first, UpdateOrigin last) => $"objects {first.Row}-{last.Row}";

    public override object? Target(FailedUpdate update) => update.Origin.Source;
}

/// <summary>A file that rows come from.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Dialect">How it is written.</param>
/// <param name="Header">Its columns.</param>
internal sealed record CsvInput(string Path, CsvDialect Dialect, IReadOnlyList<string> Header);

/// <summary>Rows that came from CSV files.</summary>
internal sealed class CsvRowDescription(ICsvFormat csv) : RowDescription
{
    public override string Position(UpdateOrigin origin) => $"{System.IO.Path.GetFileName(File(origin).Path)}, line {origin.Line}";

    public override string Range(UpdateOrigin first, UpdateOrigin last) => $"rows {first.Row}-{last.Row}";

    public override object Target(FailedUpdate update)
    {
        var file = File(update.Origin);
        var values = csv.Split(update.RawRow, file.Dialect);
        var row = new PSObject();
        for (var i = 0; i < file.Header.Count; i++)
            row.Properties.Add(new PSNoteProperty(file.Header[i], i < values.Count ? values[i] : null));
        return row;
    }

    private static CsvInput File(UpdateOrigin origin) => (CsvInput)origin.Source!;
}
