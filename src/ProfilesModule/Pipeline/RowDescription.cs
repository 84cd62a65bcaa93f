using System.Management.Automation;
using ProfilesModule.Delivery;
using ProfilesModule.Sources;
using ProfilesModule.Sources.Json;

namespace ProfilesModule.Pipeline;

/// <summary>Names a row to the user, and gives it back.</summary>
internal abstract class RowDescription
{
    /// <summary>What a row is called in a message.</summary>
    public abstract string Position(UpdateOrigin origin);

    /// <summary>What several rows are called in a message.</summary>
    public abstract string Range(UpdateOrigin first, UpdateOrigin last);

    /// <summary>The row as the user gave it.</summary>
    public abstract object? Target(UpdateOrigin origin, ReadOnlyMemory<byte> rawRow);

    /// <summary>What stands for a row that was refused before it was sent.</summary>
    public virtual object? Target(UpdateOrigin origin, ReadOnlyMemory<byte> rawRow, RowFault fault) => Target(origin, rawRow);

    // What is in a row that is not in order is anybody's guess; what was guessed must not be sent by mistake.
    protected static PSObject Line(string path, UpdateOrigin origin, ReadOnlyMemory<byte> rawRow)
    {
        var line = new PSObject();
        line.Properties.Add(new PSNoteProperty("Path", path));
        line.Properties.Add(new PSNoteProperty("Line", origin.Line));
        line.Properties.Add(new PSNoteProperty("Text", System.Text.Encoding.UTF8.GetString(rawRow.Span)));
        return line;
    }
}

/// <summary>Rows that came through the pipeline.</summary>
internal sealed class PipelineRowDescription : RowDescription
{
    public override string Position(UpdateOrigin origin) => $"Object {origin.Row}";

    public override string Range(UpdateOrigin first, UpdateOrigin last) => first.Row == last.Row ? $"object {first.Row}" : $"objects {first.Row}-{last.Row}";

    public override object? Target(UpdateOrigin origin, ReadOnlyMemory<byte> rawRow) => origin.Source;
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

    public override string Range(UpdateOrigin first, UpdateOrigin last) => first.Row == last.Row ? $"row {first.Row}" : $"rows {first.Row}-{last.Row}";

    public override object Target(UpdateOrigin origin, ReadOnlyMemory<byte> rawRow)
    {
        var file = File(origin);
        var values = csv.Split(rawRow, file.Dialect);
        var row = new PSObject();
        for (var i = 0; i < file.Header.Count; i++)
            row.Properties.Add(new PSNoteProperty(file.Header[i], i < values.Count ? values[i] : null));
        return row;
    }

    public override object Target(UpdateOrigin origin, ReadOnlyMemory<byte> rawRow, RowFault fault) =>
        fault.IsParseError()
            ? Line(File(origin).Path, origin, rawRow)
            : Target(origin, rawRow);

    private static CsvInput File(UpdateOrigin origin) => (CsvInput)origin.Source!;
}

/// <summary>Objects that came from JSON files.</summary>
internal sealed class JsonRowDescription : RowDescription
{
    public override string Position(UpdateOrigin origin) => $"{System.IO.Path.GetFileName((string)origin.Source!)}, line {origin.Line}";

    public override string Range(UpdateOrigin first, UpdateOrigin last) => first.Row == last.Row ? $"row {first.Row}" : $"rows {first.Row}-{last.Row}";

    // A dictionary, which keeps names that differ in case only.
    public override object Target(UpdateOrigin origin, ReadOnlyMemory<byte> rawRow) => JsonFile.Parse(rawRow.Span);

    public override object Target(UpdateOrigin origin, ReadOnlyMemory<byte> rawRow, RowFault fault) =>
        fault is RowFault.MalformedJson or RowFault.InvalidEncoding or RowFault.DuplicateProperty
            ? Line((string)origin.Source!, origin, rawRow)
            : Target(origin, rawRow);
}
